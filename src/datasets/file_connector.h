// `from: file:PATH`: a file, a folder or a pattern.
#pragma once

#include <memory>

#include "datasets/connector.h"

namespace sumac::datasets {

// `context` has a database.
std::unique_ptr<Connector> MakeFileConnector(ConnectorContext context);

}  // namespace sumac::datasets
