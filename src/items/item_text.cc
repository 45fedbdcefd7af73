#include "items/item_text.h"

#include "base/json_text.h"
#include "items/plain_json.h"

namespace sumac::items {
namespace {

const ColumnTree* FindChild(const ColumnTree& tree, std::string_view name) {
  const auto found = tree.children.find(name);
  return found == tree.children.end() ? nullptr : &found->second;
}

}  // namespace

OverflowReader::OverflowReader(std::shared_ptr<const ItemSchema> schema)
    : schema_(std::move(schema)),
      tree_(MakeColumnTree(*schema_)),
      has_catch_all_(FindCatchAll(*schema_).has_value()) {}

bool OverflowReader::Read(std::string_view item, std::string& overflow) {
  overflow.clear();
  json_.Start(item);
  lost_.clear();
  const bool read =
      ForEachAttribute(json_, [this](std::string_view name, AttributeValue& attribute) {
        const ColumnTree* child = FindChild(tree_, name);
        Fit fit = has_catch_all_ ? Fit::kWhole : Fit::kNotWhole;
        if (child != nullptr) fit = FitsTree(attribute, *child);
        if (fit == Fit::kNotWhole) lost_.emplace_back(name);
        return fit != Fit::kCorrupt;
      });
  return read && (lost_.empty() || Render(item, overflow));
}

Fit OverflowReader::FitsTree(AttributeValue& attribute, const ColumnTree& tree) const {
  if (tree.column) return FitsShape(attribute, schema_->columns[*tree.column].shape);
  if (attribute.tag() == AttributeTag::kNull) return Fit::kWhole;
  if (attribute.tag() == AttributeTag::kMap) return FieldsFit(attribute, tree);
  return has_catch_all_ ? Fit::kWhole : Fit::kNotWhole;
}

// An attribute that is taken apart into columns. An empty map would leave no trace in them, except
// in the catch-all.
Fit OverflowReader::FieldsFit(AttributeValue& attribute, const ColumnTree& tree) const {
  Fit all = has_catch_all_ ? Fit::kWhole : Fit::kNotWhole;
  bool first = true;
  const bool read = attribute.ForEachField([&](std::string_view name, AttributeValue& field) {
    const ColumnTree* child = FindChild(tree, name);
    Fit fit = has_catch_all_ ? Fit::kWhole : Fit::kNotWhole;
    if (child != nullptr) fit = FitsTree(field, *child);
    if (first || all == Fit::kWhole) all = fit;
    first = false;
    return fit != Fit::kCorrupt;
  });
  return read ? all : Fit::kCorrupt;
}

// Second pass: judging a value consumes it.
bool OverflowReader::Render(std::string_view item, std::string& overflow) {
  json_.Start(item);
  size_t next = 0;
  overflow = "{";
  const bool read = ForEachAttribute(json_, [&](std::string_view name, AttributeValue& attribute) {
    if (next == lost_.size() || lost_[next] != name) return true;
    if (next++ > 0) overflow += ',';
    AppendJsonString(name, overflow);
    overflow += ':';
    return AppendPlainJson(attribute, overflow);
  });
  overflow += '}';
  return read;
}

CatchAllReader::CatchAllReader(const ItemSchema& schema)
    : tree_(MakeColumnTree(schema)), unnest_depth_(schema.unnest_depth) {}

bool CatchAllReader::Read(std::string_view item, std::string& rest) {
  rest.clear();
  left_.clear();
  json_.Start(item);
  const bool read =
      ForEachAttribute(json_, [this](std::string_view name, AttributeValue& attribute) {
        return ReadAttribute(std::string(name), attribute, FindChild(tree_, name), unnest_depth_);
      });
  if (!read || left_.empty()) return read;
  rest = "{";
  for (const auto& [name, json] : left_) {
    if (rest.size() > 1) rest += ',';
    AppendJsonString(name, rest);
    rest += ':' + json;
  }
  rest += '}';
  return true;
}

// `tree` is what the columns hold of it; null for nothing.
bool CatchAllReader::ReadAttribute(const std::string& name, AttributeValue& attribute,
                                   const ColumnTree* tree, int depth) {
  if (tree != nullptr && tree->column) return true;
  if (attribute.tag() == AttributeTag::kMap && (tree != nullptr || depth > 0)) {
    return ReadFields(name, attribute, tree, depth);
  }
  return AppendPlainJson(attribute, PlaceFor(name));
}

std::string& CatchAllReader::PlaceFor(const std::string& name) {
  std::string free = name;
  for (int suffix = 2; left_.count(free) > 0; ++suffix) free = name + "_" + std::to_string(suffix);
  return left_[free];
}

bool CatchAllReader::ReadFields(const std::string& name, AttributeValue& attribute,
                                const ColumnTree* tree, int depth) {
  bool empty = true;
  const bool read = attribute.ForEachField([&](std::string_view field_name, AttributeValue& field) {
    empty = false;
    return ReadAttribute(name + "." + std::string(field_name), field,
                         tree != nullptr ? FindChild(*tree, field_name) : nullptr, depth - 1);
  });
  if (read && empty) PlaceFor(name) = "{}";
  return read;
}

}  // namespace sumac::items
