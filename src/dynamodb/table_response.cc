#include "dynamodb/table_response.h"

#include <map>

#include <simdjson.h>

namespace sumac::dynamodb {
namespace {

using simdjson::SUCCESS;
namespace dom = simdjson::dom;

tl::unexpected<Error> Corrupt(std::string_view what) {
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kService;
  error.retryable = true;
  error.message = "the answer is no " + std::string(what);
  return Fail(std::move(error));
}

// A member of `object` as T, or `absent` when it is missing or of another type.
template <typename T>
T Member(const dom::element& object, std::string_view name, T absent) {
  T value{};
  return object[name].get(value) == SUCCESS ? value : absent;
}

// A member of a member of `object`, or 0. -1 is how a bound that was taken off is written.
uint64_t Units(const dom::element& object, std::string_view member, std::string_view name) {
  dom::element inner;
  return object[member].get(inner) == SUCCESS ? Member<uint64_t>(inner, name, 0) : 0;
}

void ReadThroughput(const dom::element& table, TableDescription& description) {
  dom::element billing;
  if (table["BillingModeSummary"].get(billing) == SUCCESS) {
    description.on_demand =
        Member<std::string_view>(billing, "BillingMode", "") == "PAY_PER_REQUEST";
  }
  auto& throughput = description.throughput;
  if (!description.on_demand) {
    throughput.provisioned_read_units = Units(table, "ProvisionedThroughput", "ReadCapacityUnits");
    throughput.provisioned_write_units =
        Units(table, "ProvisionedThroughput", "WriteCapacityUnits");
  }
  throughput.on_demand_read_units = Units(table, "OnDemandThroughput", "MaxReadRequestUnits");
  throughput.warm_read_units = Units(table, "WarmThroughput", "ReadUnitsPerSecond");
  throughput.warm_write_units = Units(table, "WarmThroughput", "WriteUnitsPerSecond");
}

std::map<std::string, KeyType> ReadDefinitions(const dom::element& table) {
  std::map<std::string, KeyType> types;
  dom::array definitions;
  if (table["AttributeDefinitions"].get(definitions) != SUCCESS) return types;
  for (const dom::element definition : definitions) {
    const auto name = Member<std::string_view>(definition, "AttributeName", "");
    const auto type = Member<std::string_view>(definition, "AttributeType", "");
    if (type == "S") types.emplace(name, KeyType::kString);
    if (type == "N") types.emplace(name, KeyType::kNumber);
    if (type == "B") types.emplace(name, KeyType::kBinary);
  }
  return types;
}

}  // namespace

Result<TableDescription> ParseDescribeTable(std::string_view body) {
  dom::parser parser;
  dom::element document;
  dom::element table;
  dom::array keys;
  if (parser.parse(body.data(), body.size()).get(document) != SUCCESS ||
      document["Table"].get(table) != SUCCESS || table["KeySchema"].get(keys) != SUCCESS) {
    return Corrupt("description of a table");
  }
  TableDescription description;
  description.name = Member<std::string_view>(table, "TableName", "");
  description.arn = Member<std::string_view>(table, "TableArn", "");
  description.status = Member<std::string_view>(table, "TableStatus", "");
  description.item_count = Member<uint64_t>(table, "ItemCount", 0);
  description.size_bytes = Member<uint64_t>(table, "TableSizeBytes", 0);
  ReadThroughput(table, description);
  const auto types = ReadDefinitions(table);
  for (const std::string_view role : {"HASH", "RANGE"}) {
    for (const dom::element key : keys) {
      if (Member<std::string_view>(key, "KeyType", "") != role) continue;
      const std::string name(Member<std::string_view>(key, "AttributeName", ""));
      const auto type = types.find(name);
      if (type == types.end()) return Corrupt("whole description of a table");
      description.keys.push_back({name, type->second});
    }
  }
  if (description.name.empty() || description.keys.empty())
    return Corrupt("description of a table");
  return description;
}

Result<TableNames> ParseListTables(std::string_view body) {
  dom::parser parser;
  dom::element document;
  dom::array names;
  if (parser.parse(body.data(), body.size()).get(document) != SUCCESS ||
      document["TableNames"].get(names) != SUCCESS) {
    return Corrupt("list of tables");
  }
  TableNames tables;
  for (const dom::element element : names) {
    std::string_view name;
    if (element.get(name) != SUCCESS) return Corrupt("list of tables");
    tables.names.emplace_back(name);
  }
  tables.last_evaluated = Member<std::string_view>(document, "LastEvaluatedTableName", "");
  return tables;
}

}  // namespace sumac::dynamodb
