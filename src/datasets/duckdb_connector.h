// `from: duckdb:TABLE`, in the database file that the parameter `duckdb_open` names.
#pragma once

#include <memory>

#include "datasets/connector.h"

namespace sumac::datasets {

// `context` has a database.
std::unique_ptr<Connector> MakeDuckDbConnector(ConnectorContext context);

}  // namespace sumac::datasets
