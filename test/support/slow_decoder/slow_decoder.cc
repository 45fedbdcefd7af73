#include "slow_decoder/slow_decoder.h"

#include <algorithm>
#include <map>

#include "slow_decoder/json_content.h"
#include "slow_decoder/slow_attribute.h"
#include "slow_decoder/slow_value.h"

namespace sumac::slow_decoder {
namespace {

using items::ItemSchema;
using simdjson::dom::element;

// Names from an attribute down to a field of nested maps.
using Path = std::vector<std::string>;

Path PathOf(const items::Column& column) {
  Path path = {column.attribute_name};
  path.insert(path.end(), column.path.begin(), column.path.end());
  return path;
}

Path Below(Path path, std::string_view name) {
  path.emplace_back(name);
  return path;
}

bool IsPrefix(const Path& prefix, const Path& path) {
  return prefix.size() < path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

// One item under a schema. It asks the columns anew at every step.
class ItemDecoder {
 public:
  ItemDecoder(const ItemSchema& schema, Inspector& inspector, std::vector<uint64_t>& misfits)
      : schema_(schema), inspector_(inspector), misfits_(misfits) {}

  SlowItem Decode(element item) {
    item_.text = simdjson::to_string(item);
    for (const auto& column : schema_.columns) item_.cells.emplace_back(column.shape.type);
    std::string overflow;
    for (const auto field : ObjectOf(item)) {
      const Attribute attribute = Open(field.value);
      const Path path = {std::string(field.key)};
      if (HasCatchAll()) LeaveToCatchAll(path, path[0], attribute, schema_.unnest_depth);
      if (Carry(path, attribute)) continue;
      AppendStringContent(field.key, overflow);
      AppendPlainContent(attribute, overflow);
    }
    if (!overflow.empty()) item_.overflow = '{' + overflow + '}';
    FillCatchAll();
    return std::move(item_);
  }

 private:
  std::optional<size_t> ColumnAt(const Path& path) const {
    for (size_t i = 0; i < schema_.columns.size(); ++i) {
      if (!schema_.columns[i].catch_all && PathOf(schema_.columns[i]) == path) return i;
    }
    return std::nullopt;
  }

  std::vector<size_t> ColumnsBelow(const Path& path) const {
    std::vector<size_t> below;
    for (size_t i = 0; i < schema_.columns.size(); ++i) {
      const auto& column = schema_.columns[i];
      if (!column.catch_all && IsPrefix(path, PathOf(column))) below.push_back(i);
    }
    return below;
  }

  bool HasCatchAll() const {
    return std::any_of(schema_.columns.begin(), schema_.columns.end(),
                       [](const auto& column) { return column.catch_all; });
  }

  // Puts a value where it belongs. False when a part of it is only in `_overflow`.
  bool Carry(const Path& path, const Attribute& attribute) {
    if (const auto column = ColumnAt(path)) {
      Fit fit;
      item_.cells[*column] =
          DecodeValue(attribute, schema_.columns[*column].shape, inspector_, fit);
      if (!fit.fits) ++misfits_[*column];
      return fit.whole;
    }
    const auto below = ColumnsBelow(path);
    if (below.empty()) return HasCatchAll();
    if (attribute.Is("NULL")) return true;
    if (!attribute.Is("M")) {
      if (HasCatchAll()) return true;
      for (const size_t column : below) ++misfits_[column];
      return false;
    }
    // An empty map would leave no trace in the columns of its fields.
    bool carried = HasCatchAll() || attribute.payload.get_object().value().size() > 0;
    for (const auto field : ObjectOf(attribute.payload)) {
      if (!Carry(Below(path, field.key), Open(field.value))) carried = false;
    }
    return carried;
  }

  // Collects what no column is for, maps taken apart as the columns take them.
  void LeaveToCatchAll(const Path& path, const std::string& dotted, const Attribute& attribute,
                       int depth) {
    if (ColumnAt(path)) return;
    const bool apart = depth > 0 || !ColumnsBelow(path).empty();
    if (attribute.Is("M") && apart && attribute.payload.get_object().value().size() > 0) {
      for (const auto field : ObjectOf(attribute.payload)) {
        LeaveToCatchAll(Below(path, field.key), dotted + "." + std::string(field.key),
                        Open(field.value), depth - 1);
      }
      return;
    }
    // Two paths of one name are kept apart, as columns of one name are.
    std::string name = dotted;
    for (int suffix = 2; left_.count(name) > 0; ++suffix) {
      name = dotted + "_" + std::to_string(suffix);
    }
    AppendPlainContent(attribute, left_[name]);
  }

  void FillCatchAll() {
    std::string content;
    for (const auto& [name, value] : left_) {
      AppendStringContent(name, content);
      content += value;
    }
    for (size_t i = 0; i < schema_.columns.size(); ++i) {
      const auto& column = schema_.columns[i];
      if (!column.catch_all || content.empty()) continue;
      item_.cells[i] = ContentValue('{' + content + '}', column.shape.type);
    }
  }

  const ItemSchema& schema_;
  Inspector& inspector_;
  std::vector<uint64_t>& misfits_;
  std::map<std::string, std::string> left_;
  SlowItem item_;
};

}  // namespace

SlowPage DecodeSlowly(std::string_view page, const ItemSchema& schema) {
  SlowPage decoded;
  decoded.misfits.resize(schema.columns.size());
  const auto give = [&](Verdict verdict) {
    decoded.verdict = verdict;
    return std::move(decoded);
  };
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(simdjson::padded_string(page)).get(root) != simdjson::SUCCESS) {
    return give(Verdict::kUnclear);
  }
  Inspector inspector;
  simdjson::dom::array items;
  if (!root.is_object()) return give(Verdict::kBroken);
  inspector.InspectNames(root);
  if (root["Items"].get_array().get(items) != simdjson::SUCCESS) inspector.Broken();
  if (inspector.verdict() != Verdict::kDecoded) return give(inspector.verdict());
  for (const element item : items) inspector.InspectItem(item);
  if (inspector.verdict() != Verdict::kDecoded) return give(inspector.verdict());
  for (const element item : items) {
    decoded.items.push_back(ItemDecoder(schema, inspector, decoded.misfits).Decode(item));
  }
  return give(inspector.verdict());
}

std::optional<std::string> NormalItem(std::string_view text) {
  simdjson::dom::parser parser;
  element item;
  if (parser.parse(simdjson::padded_string(text)).get(item) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return simdjson::to_string(item);
}

}  // namespace sumac::slow_decoder
