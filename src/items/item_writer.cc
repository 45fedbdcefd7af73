#include "items/item_writer.h"

#include <algorithm>
#include <utility>

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

// With the other names that have columns, so that they are passed over without a look-up.
std::vector<std::string> WithOtherNames(std::vector<std::string> names, const ColumnTree& tree) {
  const size_t wanted = names.size();
  for (const auto& [name, child] : tree.children) {
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(wanted);
    if (std::find(names.begin(), end, name) == end) names.push_back(name);
  }
  return names;
}

}  // namespace

ItemWriter::ItemWriter(const ItemSchema& schema, const std::vector<Target>& targets,
                       SchemaSurprises& surprises)
    : tree_(MakeColumnTree(schema)),
      surprises_(surprises),
      names_(WantedAttributes(schema, targets)),
      finder_(WithOtherNames(names_, tree_)),
      has_catch_all_(FindCatchAll(schema).has_value()) {
  std::vector<size_t> leaf_of_column(schema.columns.size(), kNone);
  for (const auto& target : targets) {
    leaf_of_column[target.column] = leaves_.size();
    leaves_.push_back(
        {target, MakeValueWriter(schema.columns[target.column].shape, target.selection)});
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
  place.finder = std::make_unique<FieldFinder>(names);
  return place;
}

void ItemWriter::Begin(DataChunk& chunk, const PageBytes& page) {
  for (auto& leaf : leaves_) leaf.writer->Begin(chunk.data[leaf.target.output], page);
}

bool ItemWriter::Write(JsonCursor& json, idx_t row) {
  ++items_;
  leaves_written_ = 0;
  if (!WriteAttributes(json, row)) return false;
  if (leaves_written_ == leaves_.size()) return true;
  for (auto& leaf : leaves_) {
    if (leaf.written_in != items_) leaf.writer->WriteNull(row);
  }
  return true;
}

bool ItemWriter::WriteAttributes(JsonCursor& json, idx_t row) {
  if (!json.Take('{')) return false;
  bool closed = json.Take('}');
  if (closed) return true;
  finder_.StartObject();
  do {
    AttributeValue attribute;
    const int found = finder_.Find(json, attribute);
    if (found == FieldFinder::kCorrupt) return false;
    if (found == FieldFinder::kNotWanted) {
      if (!EndUnknown(attribute)) return false;
      continue;
    }
    const auto index = static_cast<size_t>(found);
    if (index < places_.size() && !WriteValue(places_[index], attribute, row)) return false;
    if (!attribute.Finish()) return false;
    if (met_.any && !TellOfSurprises(names_[index], attribute)) return false;
  } while (json.TakeSeparator('}', closed));
  return closed;
}

bool ItemWriter::EndUnknown(AttributeValue& attribute) {
  if (!attribute.Finish()) return false;
  if (has_catch_all_) return true;
  return surprises_.OnUnknownAttribute(finder_.last_name(), attribute.Text());
}

bool ItemWriter::TellOfSurprises(std::string_view name, const AttributeValue& attribute) {
  const Met met = std::exchange(met_, {});
  return (met.misfits.empty() || surprises_.OnMisfit(met.misfits, name, attribute.Text())) &&
         (!met.unknown || surprises_.OnUnknownAttribute(name, attribute.Text()));
}

bool ItemWriter::WriteValue(const Place& place, AttributeValue& attribute, idx_t row) {
  if (place.finder) return WriteFields(place, attribute, row);
  if (place.leaf == kNone) return true;
  auto& leaf = leaves_[place.leaf];
  if (leaf.written_in != items_) ++leaves_written_;
  leaf.written_in = items_;
  switch (leaf.writer->Write(attribute, row)) {
    case WriteOutcome::kWritten:
      return true;
    case WriteOutcome::kMisfit:
      met_.misfits.push_back(leaf.target.column);
      met_.any = true;
      return true;
    case WriteOutcome::kCorrupt:
      break;
  }
  return false;
}

bool ItemWriter::WriteFields(const Place& place, AttributeValue& attribute, idx_t row) {
  if (attribute.tag() == AttributeTag::kNull) return true;
  if (attribute.tag() != AttributeTag::kMap) {
    // None of its columns has a value.
    if (!has_catch_all_) AppendColumns(place, met_.misfits);
    met_.any = met_.any || !met_.misfits.empty();
    return true;
  }
  JsonCursor& json = attribute.json();
  if (!json.Take('{')) return false;
  bool closed = json.Take('}');
  // The fields have columns of their own, so a new one is what a new attribute is to an item; and
  // no column shows that there was a map without fields.
  bool unknown = closed;
  if (!closed) {
    place.finder->StartObject();
    do {
      AttributeValue child;
      const int found = place.finder->Find(json, child);
      if (found == FieldFinder::kCorrupt) return false;
      if (found == FieldFinder::kNotWanted) {
        unknown = true;
      } else if (!WriteValue(place.fields[static_cast<size_t>(found)], child, row)) {
        return false;
      }
      if (!child.Finish()) return false;
    } while (json.TakeSeparator('}', closed));
  }
  attribute.MarkRead();
  if (unknown && !has_catch_all_) met_.any = met_.unknown = true;
  return closed;
}

void ItemWriter::AppendColumns(const Place& place, std::vector<size_t>& columns) const {
  if (place.leaf != kNone) columns.push_back(leaves_[place.leaf].target.column);
  for (const auto& field : place.fields) AppendColumns(field, columns);
}

}  // namespace sumac::items
