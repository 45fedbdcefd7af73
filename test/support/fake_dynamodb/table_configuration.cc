#include "fake_dynamodb/table_configuration.h"

#include <map>

#include "fake_dynamodb/configuration_json.h"

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

constexpr int64_t kCountMax = 1'000'000;
constexpr int64_t kReadUnitsMax = 1'000'000'000;
constexpr int64_t kReplayedPagesMax = 10'000'000;
constexpr int64_t kPageBytesMax = int64_t{1} << 40;

Result<std::optional<uint64_t>> ReadOptionalUnits(dom::object object, std::string_view name) {
  SUMAC_ASSIGN_OR_RETURN(const auto units, ReadInteger(object, name, -1, 0, kReadUnitsMax));
  if (units < 0) return std::nullopt;
  return static_cast<uint64_t>(units);
}

Result<TableThroughput> ReadThroughput(dom::object object) {
  SUMAC_RETURN_IF_ERROR(CheckMembers(
      object, {"provisioned", "read_units", "warm_read_units", "on_demand_read_units_max"}));
  TableThroughput throughput;
  SUMAC_ASSIGN_OR_RETURN(throughput.provisioned, ReadBoolean(object, "provisioned", false));
  SUMAC_ASSIGN_OR_RETURN(const auto units, ReadInteger(object, "read_units", 0, 0, kReadUnitsMax));
  throughput.read_units = static_cast<uint64_t>(units);
  SUMAC_ASSIGN_OR_RETURN(throughput.warm_read_units, ReadOptionalUnits(object, "warm_read_units"));
  SUMAC_ASSIGN_OR_RETURN(throughput.on_demand_read_units_max,
                         ReadOptionalUnits(object, "on_demand_read_units_max"));
  return throughput;
}

// What ends a page or a batch; 0 and absent leave what the definition has.
Status ReadBounds(dom::object object, TableDefinition& table) {
  SUMAC_ASSIGN_OR_RETURN(const auto items, ReadInteger(object, "page_items_max", 0, 0, kCountMax));
  SUMAC_ASSIGN_OR_RETURN(const auto bytes,
                         ReadInteger(object, "page_bytes_max", 0, 0, kPageBytesMax));
  SUMAC_ASSIGN_OR_RETURN(const auto keys, ReadInteger(object, "batch_keys_max", 0, 0, kCountMax));
  if (items > 0) table.page_items_max = static_cast<size_t>(items);
  if (bytes > 0) table.page_bytes_max = static_cast<uint64_t>(bytes);
  if (keys > 0) table.batch_keys_max = static_cast<size_t>(keys);
  return {};
}

// Adds the attributes of KeySchema, by their KeyType.
Status ReadKeys(dom::object object, const std::map<std::string, char>& types,
                std::vector<KeyAttribute>& partition, std::vector<KeyAttribute>& sort) {
  SUMAC_ASSIGN_OR_RETURN(const auto keys, ReadObjects(object, "KeySchema"));
  for (const auto& key : keys) {
    SUMAC_ASSIGN_OR_RETURN(const auto name, ReadText(key, "AttributeName", true));
    SUMAC_ASSIGN_OR_RETURN(const auto type, ReadText(key, "KeyType", false));
    const auto found = types.find(name);
    if (found == types.end()) return WrongConfiguration("no AttributeDefinitions for " + name);
    (type == "HASH" ? partition : sort).push_back({name, found->second});
  }
  return {};
}

Status ReadProjection(dom::object object, IndexDefinition& index) {
  dom::object projection;
  if (object["Projection"].get(projection)) return {};
  SUMAC_RETURN_IF_ERROR(CheckMembers(projection, {"ProjectionType", "NonKeyAttributes"}));
  SUMAC_ASSIGN_OR_RETURN(const auto type, ReadText(projection, "ProjectionType", true));
  if (type == "KEYS_ONLY") {
    index.projection = IndexProjection::kKeysOnly;
  } else if (type == "INCLUDE") {
    index.projection = IndexProjection::kInclude;
  } else if (type != "ALL") {
    return WrongConfiguration("'ProjectionType' is ALL, KEYS_ONLY or INCLUDE");
  }
  dom::array names;
  if (projection["NonKeyAttributes"].get(names)) return {};
  for (const auto element : names) {
    std::string_view name;
    if (element.get(name)) return WrongConfiguration("'NonKeyAttributes' has what is no text");
    index.included.emplace_back(name);
  }
  return {};
}

Status ReadIndexes(dom::object object, std::string_view member,
                   const std::map<std::string, char>& types, TableDefinition& table) {
  SUMAC_ASSIGN_OR_RETURN(const auto indexes, ReadObjects(object, member));
  for (const auto& one : indexes) {
    SUMAC_RETURN_IF_ERROR(
        CheckMembers(one, {"IndexName", "KeySchema", "Projection", "ProvisionedThroughput"}));
    IndexDefinition index;
    index.is_local = member == "LocalSecondaryIndexes";
    SUMAC_ASSIGN_OR_RETURN(index.name, ReadText(one, "IndexName", true));
    SUMAC_RETURN_IF_ERROR(ReadKeys(one, types, index.partition_keys, index.sort_keys));
    SUMAC_RETURN_IF_ERROR(ReadProjection(one, index));
    table.indexes.push_back(std::move(index));
  }
  return {};
}

}  // namespace

Result<ConfiguredTable> ReadConfiguredTable(dom::object object) {
  SUMAC_RETURN_IF_ERROR(
      CheckMembers(object, {"TableName", "KeySchema", "AttributeDefinitions", "Items", "items_path",
                            "replayed_pages", "throughput", "page_items_max", "page_bytes_max",
                            "batch_keys_max", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"}));
  ConfiguredTable configured;
  TableDefinition& table = configured.definition;
  SUMAC_ASSIGN_OR_RETURN(configured.items_path, ReadText(object, "items_path", false));
  SUMAC_ASSIGN_OR_RETURN(const auto pages,
                         ReadInteger(object, "replayed_pages", 0, 0, kReplayedPagesMax));
  table.replayed_pages = static_cast<uint64_t>(pages);
  SUMAC_RETURN_IF_ERROR(ReadBounds(object, table));
  dom::object throughput;
  if (!object["throughput"].get(throughput)) {
    SUMAC_ASSIGN_OR_RETURN(table.throughput, ReadThroughput(throughput));
  }
  SUMAC_ASSIGN_OR_RETURN(table.name, ReadText(object, "TableName", true));
  std::map<std::string, char> types;
  SUMAC_ASSIGN_OR_RETURN(const auto attributes, ReadObjects(object, "AttributeDefinitions"));
  for (const auto& attribute : attributes) {
    SUMAC_ASSIGN_OR_RETURN(auto name, ReadText(attribute, "AttributeName", true));
    SUMAC_ASSIGN_OR_RETURN(const auto type, ReadText(attribute, "AttributeType", true));
    if (type != "S" && type != "N" && type != "B")
      return WrongConfiguration("AttributeType is S, N or B");
    types[std::move(name)] = type[0];
  }
  SUMAC_RETURN_IF_ERROR(ReadKeys(object, types, table.keys, table.keys));
  if (table.keys.empty()) return WrongConfiguration("'KeySchema' is missing or empty");
  SUMAC_RETURN_IF_ERROR(ReadIndexes(object, "GlobalSecondaryIndexes", types, table));
  SUMAC_RETURN_IF_ERROR(ReadIndexes(object, "LocalSecondaryIndexes", types, table));
  SUMAC_ASSIGN_OR_RETURN(const auto items, ReadObjects(object, "Items"));
  for (const auto& item : items) table.items.push_back(simdjson::minify(item));
  return configured;
}

}  // namespace sumac::fake_dynamodb
