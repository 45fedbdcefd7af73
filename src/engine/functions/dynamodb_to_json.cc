#include "engine/functions/dynamodb_to_json.h"

#include <duckdb/common/vector_operations/unary_executor.hpp>
#include <duckdb/function/scalar_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>

#include "items/dynamodb_json.h"

namespace sumac::engine {
namespace {

void Execute(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  duckdb::UnaryExecutor::Execute<duckdb::string_t, duckdb::string_t>(
      arguments.data[0], result, arguments.size(), [&](duckdb::string_t text) {
        const auto plain =
            items::DynamoDbJsonToPlainJson(std::string_view(text.GetData(), text.GetSize()));
        if (!plain) {
          throw duckdb::InvalidInputException("dynamodb_to_json: %s", plain.error().message);
        }
        return duckdb::StringVector::AddString(result, *plain);
      });
}

}  // namespace

void RegisterDynamoDbToJson(duckdb::DatabaseInstance& database) {
  duckdb::ScalarFunction function("dynamodb_to_json", {duckdb::LogicalType::VARCHAR},
                                  duckdb::LogicalType::JSON(), Execute);
  function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
  duckdb::ExtensionLoader loader(database, "sumac");
  loader.RegisterFunction(function);
}

}  // namespace sumac::engine
