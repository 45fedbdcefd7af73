// The SQL function dynamodb_to_json(text): plain JSON of DynamoDB JSON, such as `_item`. Internal
// to engine/.
#pragma once

#include <duckdb.hpp>

namespace sumac::engine {

// Adds the function to `database`'s system catalog.
void RegisterDynamoDbToJson(duckdb::DatabaseInstance& database);

}  // namespace sumac::engine
