#include "fake_dynamodb/stored_item.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.h"
#include "fake_dynamodb/attribute_compare.h"
#include "fake_dynamodb/decimal.h"

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

// FNV-1a with a final mix, so that the high bits, which choose the segment, depend on every byte.
uint64_t Hash(std::string_view text) {
  uint64_t hash = 14695981039346656037ULL;
  for (const unsigned char byte : text) hash = (hash ^ byte) * 1099511628211ULL;
  hash ^= hash >> 30;
  hash *= 0xbf58476d1ce4e5b9ULL;
  hash ^= hash >> 27;
  hash *= 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31);
}

uint64_t NumberSize(std::string_view text) {
  const auto digits = static_cast<uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
  return (digits + 1) / 2 + 1;
}

uint64_t ScalarSize(std::string_view type, std::string_view text) {
  if (type == "N") return NumberSize(text);
  if (type == "B") return text.size() / 4 * 3;
  return text.size();
}

// The size of an attribute value by the rules of the developer guide, "DynamoDB item sizes and
// formats". False when it is no attribute value.
bool AddValueSize(dom::element value, uint64_t& size) {
  dom::object object;
  if (value.get(object) || object.size() != 1) return false;
  const auto [type, content] = *object.begin();
  if (type == "S" || type == "N" || type == "B") {
    std::string_view text;
    if (content.get(text)) return false;
    size += ScalarSize(type, text);
    return true;
  }
  if (type == "BOOL" || type == "NULL") {
    size += 1;
    return content.is_bool();
  }
  if (type == "M") {
    dom::object fields;
    if (content.get(fields)) return false;
    size += 3;
    for (const auto [name, field] : fields) {
      size += name.size() + 1;
      if (!AddValueSize(field, size)) return false;
    }
    return true;
  }
  dom::array elements;
  if (content.get(elements)) return false;
  if (type == "L") {
    size += 3;
    for (const auto element : elements) {
      size += 1;
      if (!AddValueSize(element, size)) return false;
    }
    return true;
  }
  if (type != "SS" && type != "NS" && type != "BS") return false;
  for (const auto element : elements) {
    std::string_view text;
    if (element.get(text)) return false;
    size += ScalarSize(type.substr(0, 1), text);
  }
  return true;
}

Result<KeyPosition> ReadPosition(dom::object item, const KeySchema& schema, std::string& key_text) {
  KeyPosition position;
  std::vector<AttributeValue> partition;
  key_text = "{";
  for (const auto& key : schema.attributes) {
    dom::element json;
    std::optional<AttributeValue> value;
    if (!item[key.name].get(json)) value = ReadAttributeValue(json);
    if (!value || value->type != std::string_view(&key.type, 1)) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("no key attribute {} of type {}", key.name, key.type));
    }
    if (key_text.size() > 1) key_text += ',';
    AppendJsonString(key.name, key_text);
    key_text += ':' + simdjson::minify(json);
    auto& values = partition.size() < schema.partition_count ? partition : position.sort_values;
    values.push_back(std::move(*value));
  }
  key_text += '}';
  SetPartition(partition, position);
  return position;
}

// The fields of `object` that `paths` lead to from their name number `depth` on.
std::string Project(dom::object object, const std::vector<const AttributePath*>& paths,
                    size_t depth) {
  std::string projected = "{";
  std::set<std::string> done;
  for (const auto* path : paths) {
    const std::string& name = (*path)[depth];
    dom::element value;
    if (!done.insert(name).second || object[name].get(value)) continue;
    std::vector<const AttributePath*> deeper;
    for (const auto* other : paths) {
      if ((*other)[depth] == name && other->size() > depth + 1) deeper.push_back(other);
    }
    std::string text = simdjson::minify(value);
    if (!deeper.empty()) {
      dom::object map;
      if (value["M"].get(map)) continue;
      text = Project(map, deeper, depth + 1);
      if (text == "{}") continue;
      text = "{\"M\":" + text + "}";
    }
    if (projected.size() > 1) projected += ',';
    AppendJsonString(name, projected);
    projected += ':' + text;
  }
  return projected + '}';
}

}  // namespace

KeySchema TableKeySchema(const std::vector<KeyAttribute>& keys) {
  return {keys, 1, keys.empty() ? 0 : keys.size() - 1};
}

void SetPartition(const std::vector<AttributeValue>& values, KeyPosition& position) {
  position.partition_value.clear();
  for (const auto& value : values) {
    const auto number = value.type == "N" ? Decimal::Parse(value.text) : std::nullopt;
    const auto text = number ? number->Canonical() : value.text;
    // Of several, the lengths keep ("a", "bc") and ("ab", "c") apart.
    if (values.size() > 1) position.partition_value += fmt::format("{}:", text.size());
    position.partition_value += text;
  }
  position.partition_hash = Hash(position.partition_value);
}

bool operator<(const KeyPosition& a, const KeyPosition& b) {
  if (a.partition_hash != b.partition_hash) return a.partition_hash < b.partition_hash;
  if (a.partition_value != b.partition_value) return a.partition_value < b.partition_value;
  const size_t count = std::min(a.sort_values.size(), b.sort_values.size());
  for (size_t i = 0; i < count; ++i) {
    const int order = CompareValues(a.sort_values[i], b.sort_values[i]).value_or(0);
    if (order != 0) return order < 0;
  }
  return false;
}

bool TextMeets(std::string_view item, const Condition& condition) {
  const auto attributes = ReadAttributeMap(item);
  return attributes && Matches(condition, *attributes);
}

Result<StoredItem> ReadItem(std::string text, const KeySchema& schema) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(text).get(object)) {
    return Fail(ErrorCode::kInvalidArgument, "item is not a JSON object: " + text.substr(0, 100));
  }
  StoredItem item;
  for (const auto [name, value] : object) {
    item.size_bytes += name.size();
    if (!AddValueSize(value, item.size_bytes)) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("attribute {} is not DynamoDB JSON", name));
    }
  }
  SUMAC_ASSIGN_OR_RETURN(item.position, ReadPosition(object, schema, item.key_text));
  item.text = std::move(text);
  return item;
}

Result<KeyPosition> ReadKey(std::string_view text, const KeySchema& schema) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(std::string(text)).get(object) || object.size() != schema.attributes.size()) {
    return Fail(ErrorCode::kInvalidArgument, "not a key");
  }
  std::string key_text;
  return ReadPosition(object, schema, key_text);
}

std::string ProjectItem(const std::string& text, const std::vector<AttributePath>& paths) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(text).get(object)) return "{}";
  std::vector<const AttributePath*> all;
  for (const auto& path : paths) all.push_back(&path);
  return Project(object, all, 0);
}

uint32_t SegmentOf(uint64_t partition_hash, uint32_t total) {
  return static_cast<uint32_t>(((partition_hash >> 32) * total) >> 32);
}

}  // namespace sumac::fake_dynamodb
