// The answers to Flight SQL's questions about catalogs, schemas, tables, keys and types.
#pragma once

#include <vector>

#include <duckdb.hpp>

#include "engine/results/arrow/arrow_schema.h"
#include "server/flight/flight_command.h"
#include "server/http/backend.h"

namespace sumac::server {

// Whether `command` is such a question. GetSqlInfo is not: see sql_info.h.
bool IsMetadataCommand(const FlightCommand& command);

// The columns that Flight SQL prescribes. REQUIRES: IsMetadataCommand.
std::vector<engine::ArrowColumn> MetadataColumns(const FlightCommand& command);

using MetadataRows = std::vector<duckdb::vector<duckdb::Value>>;

// The rows, which have values for these columns. Catalogs, schemas and tables are those that SQL
// shows in information_schema; keys are those of DynamoDB's tables. REQUIRES: IsMetadataCommand.
Result<MetadataRows> AnswerMetadata(const FlightCommand& command, Backend& backend);

}  // namespace sumac::server
