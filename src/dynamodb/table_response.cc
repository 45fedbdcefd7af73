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

TableClass ReadTableClass(const dom::element& table) {
  dom::element summary;
  if (table["TableClassSummary"].get(summary) != SUCCESS) return TableClass::kStandard;
  return Member<std::string_view>(summary, "TableClass", "") == "STANDARD_INFREQUENT_ACCESS"
             ? TableClass::kStandardInfrequentAccess
             : TableClass::kStandard;
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

// The attributes of a key schema that have this role, in its order. False when one has no type.
bool ReadKeys(const dom::element& owner, std::string_view role,
              const std::map<std::string, KeyType>& types, std::vector<KeyAttribute>& keys) {
  dom::array schema;
  if (owner["KeySchema"].get(schema) != SUCCESS) return false;
  for (const dom::element key : schema) {
    if (Member<std::string_view>(key, "KeyType", "") != role) continue;
    const std::string name(Member<std::string_view>(key, "AttributeName", ""));
    const auto type = types.find(name);
    if (type == types.end()) return false;
    keys.push_back({name, type->second});
  }
  return true;
}

void ReadProjection(const dom::element& index, IndexDescription& description) {
  dom::element projection;
  // One that is not known holds no more than it must.
  description.projection = IndexDescription::Projection::kKeysOnly;
  if (index["Projection"].get(projection) != SUCCESS) return;
  const auto type = Member<std::string_view>(projection, "ProjectionType", "");
  if (type == "ALL") description.projection = IndexDescription::Projection::kAll;
  dom::array included;
  if (type != "INCLUDE" || projection["NonKeyAttributes"].get(included) != SUCCESS) return;
  description.projection = IndexDescription::Projection::kInclude;
  for (const dom::element element : included) {
    std::string_view name;
    if (element.get(name) == SUCCESS) description.included.emplace_back(name);
  }
}

// Indexes that cannot be understood are none: nothing depends on them.
void ReadIndexes(const dom::element& table, const char* member, bool is_local,
                 const std::map<std::string, KeyType>& types, TableDescription& description) {
  dom::array indexes;
  if (table[member].get(indexes) != SUCCESS) return;
  for (const dom::element element : indexes) {
    IndexDescription index;
    index.name = Member<std::string_view>(element, "IndexName", "");
    index.is_local = is_local;
    index.active = Member<std::string_view>(element, "IndexStatus", "ACTIVE") == "ACTIVE";
    index.item_count = Member<uint64_t>(element, "ItemCount", 0);
    index.size_bytes = Member<uint64_t>(element, "IndexSizeBytes", 0);
    ReadProjection(element, index);
    if (!index.name.empty() && ReadKeys(element, "HASH", types, index.partition_keys) &&
        ReadKeys(element, "RANGE", types, index.sort_keys) && !index.partition_keys.empty()) {
      description.indexes.push_back(std::move(index));
    }
  }
}

}  // namespace

Result<TableDescription> ParseDescribeTable(std::string_view body) {
  dom::parser parser;
  dom::element document;
  dom::element table;
  if (parser.parse(body.data(), body.size()).get(document) != SUCCESS ||
      document["Table"].get(table) != SUCCESS) {
    return Corrupt("description of a table");
  }
  TableDescription description;
  description.name = Member<std::string_view>(table, "TableName", "");
  description.arn = Member<std::string_view>(table, "TableArn", "");
  description.id = Member<std::string_view>(table, "TableId", "");
  description.created_at = Member<double>(table, "CreationDateTime", 0);
  description.status = Member<std::string_view>(table, "TableStatus", "");
  description.item_count = Member<uint64_t>(table, "ItemCount", 0);
  description.size_bytes = Member<uint64_t>(table, "TableSizeBytes", 0);
  description.table_class = ReadTableClass(table);
  ReadThroughput(table, description);
  const auto types = ReadDefinitions(table);
  for (const std::string_view role : {"HASH", "RANGE"}) {
    if (!ReadKeys(table, role, types, description.keys)) {
      return Corrupt("whole description of a table");
    }
  }
  ReadIndexes(table, "GlobalSecondaryIndexes", false, types, description);
  ReadIndexes(table, "LocalSecondaryIndexes", true, types, description);
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
