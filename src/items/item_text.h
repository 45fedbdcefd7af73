// Columns that are made from an item's bytes rather than from one attribute: `_overflow`, and the
// catch-all of `json_object`. Each reads the text of an item by itself, which is followed by
// net::kBodyPaddingBytes readable bytes. Internal to items/.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "items/attribute_value.h"
#include "items/column_tree.h"
#include "items/shape_fit.h"

namespace sumac::items {

// Plain JSON of what the columns of a schema do not carry. Not thread-safe.
class OverflowReader {
 public:
  explicit OverflowReader(std::shared_ptr<const ItemSchema> schema);

  // Sets `overflow` to a JSON object of the attributes that are not carried whole, or to nothing
  // when all are. False when the bytes are no item.
  bool Read(std::string_view item, std::string& overflow);

 private:
  Fit FitsTree(AttributeValue& attribute, const ColumnTree& tree) const;
  Fit FieldsFit(AttributeValue& attribute, const ColumnTree& tree) const;
  bool Render(std::string_view item, std::string& overflow);

  const std::shared_ptr<const ItemSchema> schema_;
  const ColumnTree tree_;
  const bool has_catch_all_;
  JsonCursor json_;
  std::vector<std::string> lost_;
};

// Plain JSON of what no other column is for. Not thread-safe.
class CatchAllReader {
 public:
  explicit CatchAllReader(const ItemSchema& schema);

  // Sets `rest` to a JSON object with its keys in byte order, or to nothing when nothing is left.
  // False when the bytes are no item.
  bool Read(std::string_view item, std::string& rest);

 private:
  // Where the JSON of `name` goes: under its own name, or when another path of the item has that
  // already, under the first of name_2, name_3, ... that is free.
  std::string& PlaceFor(const std::string& name);
  bool ReadAttribute(const std::string& name, AttributeValue& attribute, const ColumnTree* tree,
                     int depth);
  bool ReadFields(const std::string& name, AttributeValue& attribute, const ColumnTree* tree,
                  int depth);

  const ColumnTree tree_;
  const int unnest_depth_;
  JsonCursor json_;
  std::map<std::string, std::string> left_;  // plain JSON by dotted name
};

}  // namespace sumac::items
