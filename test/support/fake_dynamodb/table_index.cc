#include "fake_dynamodb/table_index.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_text.h"

namespace sumac::fake_dynamodb {
namespace {

constexpr size_t kKeyAttributesMax = 4;

std::string Quote(std::string_view text) {
  std::string quoted;
  AppendJsonString(text, quoted);
  return quoted;
}

Status CheckDefinition(const IndexDefinition& definition, const std::vector<KeyAttribute>& keys) {
  const auto& partition = definition.partition_keys;
  const auto& sort = definition.sort_keys;
  bool right = !definition.name.empty() && !partition.empty() &&
               partition.size() <= kKeyAttributesMax && sort.size() <= kKeyAttributesMax;
  if (right && definition.is_local) {
    right = partition.size() == 1 && partition[0].name == keys[0].name && sort.size() == 1 &&
            keys.size() == 2;
  }
  if (right && definition.projection != IndexProjection::kInclude) {
    right = definition.included.empty();
  }
  if (right) return {};
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("index '{}' has keys or a projection that the service does not allow",
                          definition.name));
}

void Add(const std::vector<KeyAttribute>& keys, std::vector<KeyAttribute>& schema) {
  for (const auto& key : keys) {
    const bool known = std::any_of(schema.begin(), schema.end(), [&key](const KeyAttribute& other) {
      return other.name == key.name;
    });
    if (!known) schema.push_back(key);
  }
}

KeySchema IndexKeySchema(const IndexDefinition& definition, const std::vector<KeyAttribute>& keys) {
  KeySchema schema;
  schema.attributes = definition.partition_keys;
  schema.partition_count = definition.partition_keys.size();
  schema.sort_count = definition.sort_keys.size();
  schema.attributes.insert(schema.attributes.end(), definition.sort_keys.begin(),
                           definition.sort_keys.end());
  Add(keys, schema.attributes);
  return schema;
}

bool HasAll(const AttributeMap& item, const KeySchema& schema) {
  return std::all_of(
      schema.attributes.begin(), schema.attributes.end(),
      [&item](const KeyAttribute& key) { return FindAttribute(item, key.name) != nullptr; });
}

std::string RenderProjection(const IndexDefinition& definition) {
  switch (definition.projection) {
    case IndexProjection::kAll:
      return R"({"ProjectionType":"ALL"})";
    case IndexProjection::kKeysOnly:
      return R"({"ProjectionType":"KEYS_ONLY"})";
    case IndexProjection::kInclude:
      break;
  }
  std::vector<std::string> names;
  for (const auto& name : definition.included) names.push_back(Quote(name));
  return fmt::format(R"({{"NonKeyAttributes":[{}],"ProjectionType":"INCLUDE"}})",
                     fmt::join(names, ","));
}

}  // namespace

Result<TableIndex> MakeIndex(IndexDefinition definition, const std::vector<KeyAttribute>& keys,
                             const std::vector<StoredItem>& items) {
  SUMAC_RETURN_IF_ERROR(CheckDefinition(definition, keys));
  TableIndex index;
  const auto schema = IndexKeySchema(definition, keys);
  for (const auto& key : schema.attributes) index.projected.insert(key.name);
  index.projected.insert(definition.included.begin(), definition.included.end());
  std::vector<AttributePath> paths;
  for (const auto& name : index.projected) paths.push_back({name});
  std::vector<StoredItem> members;
  for (const auto& item : items) {
    const auto attributes = ReadAttributeMap(item.text);
    if (!attributes || !HasAll(*attributes, schema)) continue;
    auto text =
        definition.projection == IndexProjection::kAll ? item.text : ProjectItem(item.text, paths);
    SUMAC_ASSIGN_OR_RETURN(auto member, ReadItem(std::move(text), schema));
    member.whole = &item;
    members.push_back(std::move(member));
  }
  SUMAC_ASSIGN_OR_RETURN(index.items, SortedItems::Make(schema, std::move(members)));
  index.definition = std::move(definition);
  return index;
}

Answer<bool> FetchesFromTable(const TableIndex& index, const PageParameters& parameters) {
  const auto& definition = index.definition;
  if (definition.projection == IndexProjection::kAll && definition.is_local) return false;
  if (!definition.is_local && parameters.consistent_read) {
    return Refuse(
        ValidationError("Consistent reads are not supported on global secondary indexes"));
  }
  if (definition.projection == IndexProjection::kAll) return false;
  if (parameters.all_attributes) {
    if (definition.is_local) return true;
    return Refuse(ValidationError(
        fmt::format("One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not "
                    "supported for global secondary index {} because its projection type is not "
                    "ALL",
                    definition.name)));
  }
  std::set<std::string> names;
  if (parameters.filter) AddAttributeNames(*parameters.filter, names);
  for (const auto& path : parameters.projection) names.insert(path[0]);
  std::vector<std::string> absent;
  std::copy_if(names.begin(), names.end(), std::back_inserter(absent),
               [&index](const std::string& name) { return !index.Projects(name); });
  if (absent.empty()) return false;
  if (definition.is_local) return true;
  return Refuse(ValidationError(
      fmt::format("One or more parameter values were invalid: Global secondary index {} does not "
                  "project [{}]",
                  definition.name, fmt::join(absent, ", "))));
}

std::string RenderKeySchema(const std::vector<KeyAttribute>& partition_keys,
                            const std::vector<KeyAttribute>& sort_keys) {
  std::string keys;
  const auto add = [&keys](const std::vector<KeyAttribute>& attributes, std::string_view type) {
    for (const auto& key : attributes) {
      keys += fmt::format(R"({}{{"AttributeName":{},"KeyType":"{}"}})", keys.empty() ? "" : ",",
                          Quote(key.name), type);
    }
  };
  add(partition_keys, "HASH");
  add(sort_keys, "RANGE");
  return fmt::format(R"("KeySchema":[{}])", keys);
}

std::string RenderIndexes(const std::vector<TableIndex>& indexes, const std::string& table_arn) {
  std::string global;
  std::string local;
  for (const auto& [definition, items, projected] : indexes) {
    auto& target = definition.is_local ? local : global;
    if (!target.empty()) target += ',';
    target += fmt::format(
        R"({{"IndexName":{},{},"Projection":{},{}"IndexSizeBytes":{},"ItemCount":{},"IndexArn":{}}})",
        Quote(definition.name), RenderKeySchema(definition.partition_keys, definition.sort_keys),
        RenderProjection(definition),
        // The service gives a local index none.
        definition.is_local ? "" : R"("IndexStatus":"ACTIVE",)", items.size_bytes(),
        items.items().size(), Quote(fmt::format("{}/index/{}", table_arn, definition.name)));
  }
  std::string members;
  if (!global.empty()) members += fmt::format(R"(,"GlobalSecondaryIndexes":[{}])", global);
  if (!local.empty()) members += fmt::format(R"(,"LocalSecondaryIndexes":[{}])", local);
  return members;
}

}  // namespace sumac::fake_dynamodb
