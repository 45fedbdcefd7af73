// `from: dynamodb:<table>`.
#pragma once

#include <memory>

#include "datasets/connector.h"

namespace sumac::datasets {

std::unique_ptr<Connector> MakeDynamoDbConnector(ConnectorContext context);

}  // namespace sumac::datasets
