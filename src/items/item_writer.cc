#include "items/item_writer.h"

#include <algorithm>

namespace sumac::items {
namespace {

using duckdb::DataChunk;
using duckdb::idx_t;

// The attributes that `targets` need, in their order.
std::vector<std::string> WantedAttributes(const ItemSchema& schema,
                                          const std::vector<ItemWriter::Target>& targets) {
  std::vector<std::string> names;
  for (const auto& target : targets) {
    const auto& name = schema.columns[target.column].attribute_name;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace

ItemWriter::ItemWriter(const ItemSchema& schema, const std::vector<Target>& targets,
                       SchemaSurprises& surprises)
    : tree_(MakeColumnTree(schema)),
      surprises_(surprises),
      names_(WantedAttributes(schema, targets)),
      finder_(names_),
      written_(targets.size()),
      has_catch_all_(FindCatchAll(schema).has_value()) {
  std::vector<size_t> leaf_of_column(schema.columns.size(), kNone);
  for (const auto& target : targets) {
    leaf_of_column[target.column] = leaves_.size();
    leaves_.push_back({target, MakeValueWriter(schema.columns[target.column].shape)});
  }
  for (const auto& name : names_) {
    places_.push_back(MakePlace(tree_.children.at(name), leaf_of_column));
  }
}

ItemWriter::Place ItemWriter::MakePlace(const ColumnTree& tree,
                                        const std::vector<size_t>& leaf_of_column) const {
  Place place;
  if (tree.column) {
    place.leaf = leaf_of_column[*tree.column];
    return place;
  }
  std::vector<std::string> names;
  for (const auto& [name, child] : tree.children) {
    names.push_back(name);
    place.fields.push_back(MakePlace(child, leaf_of_column));
  }
  place.finder = std::make_unique<FieldFinder>(std::move(names));
  return place;
}

bool ItemWriter::Write(JsonObject& item, DataChunk& chunk, idx_t row) {
  std::fill(written_.begin(), written_.end(), false);
  finder_.StartObject();
  for (auto entry : item) {
    simdjson::ondemand::field field;
    if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
    const int found = finder_.Find(field);
    if (found == FieldFinder::kCorrupt) return false;
    AttributeValue attribute;
    if (found == FieldFinder::kNotWanted) {
      if (has_catch_all_) continue;
      const std::string_view name = finder_.last_name();
      if (tree_.children.find(name) != tree_.children.end()) continue;
      if (!OpenAttributeValue(field.value(), attribute)) return false;
      if (!surprises_.OnUnknownAttribute(name, attribute)) return false;
      continue;
    }
    const auto index = static_cast<size_t>(found);
    const char* json = field.value().raw_json_token().data();
    if (!OpenAttributeValue(field.value(), attribute)) return false;
    if (!WriteAttribute(names_[index], json, places_[index], attribute, chunk, row)) return false;
  }
  for (size_t i = 0; i < leaves_.size(); ++i) {
    if (!written_[i]) WriteNull(chunk.data[leaves_[i].target.output], row);
  }
  return true;
}

bool ItemWriter::WriteAttribute(std::string_view attribute_name, const char* json,
                                const Place& place, AttributeValue& attribute, DataChunk& chunk,
                                idx_t row) {
  if (place.finder) return WriteFields(attribute_name, json, place, attribute, chunk, row);
  if (place.leaf == kNone) return true;
  auto& leaf = leaves_[place.leaf];
  written_[place.leaf] = true;
  switch (leaf.writer->Write(attribute, chunk.data[leaf.target.output], row)) {
    case WriteOutcome::kWritten:
      return true;
    case WriteOutcome::kMisfit:
      return surprises_.OnMisfit({leaf.target.column}, attribute_name, json);
    case WriteOutcome::kCorrupt:
      break;
  }
  return false;
}

bool ItemWriter::WriteFields(std::string_view attribute_name, const char* json, const Place& place,
                             AttributeValue& attribute, DataChunk& chunk, idx_t row) {
  if (attribute.tag == AttributeTag::kNull) return true;
  if (attribute.tag != AttributeTag::kMap) {
    // None of its columns has a value.
    std::vector<size_t> columns;
    if (!has_catch_all_) AppendColumns(place, columns);
    return columns.empty() || surprises_.OnMisfit(columns, attribute_name, json);
  }
  JsonObject object;
  if (attribute.json.get_object().get(object) != simdjson::SUCCESS) return false;
  place.finder->StartObject();
  bool empty = true;
  bool unknown = false;
  for (auto entry : object) {
    simdjson::ondemand::field field;
    AttributeValue child;
    if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
    const int found = place.finder->Find(field);
    if (found == FieldFinder::kCorrupt) return false;
    if (found == FieldFinder::kNotWanted) {
      unknown = true;
      continue;
    }
    empty = false;
    if (!OpenAttributeValue(field.value(), child)) return false;
    const auto& child_place = place.fields[static_cast<size_t>(found)];
    if (!WriteAttribute(attribute_name, json, child_place, child, chunk, row)) return false;
  }
  // The fields have columns of their own, so a new one is what a new attribute is to an item; and
  // no column shows that there was a map without fields.
  return has_catch_all_ || (!empty && !unknown) || surprises_.OnUnknownField(attribute_name, json);
}

void ItemWriter::AppendColumns(const Place& place, std::vector<size_t>& columns) const {
  if (place.leaf != kNone) columns.push_back(leaves_[place.leaf].target.column);
  for (const auto& field : place.fields) AppendColumns(field, columns);
}

}  // namespace sumac::items
