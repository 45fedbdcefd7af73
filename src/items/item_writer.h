// Writes the attributes of items into the columns of a chunk. Internal to items/.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "items/column_tree.h"
#include "items/field_finder.h"
#include "items/value_writer.h"

namespace sumac::items {

// What a writer meets that the schema does not hold.
class SchemaSurprises {
 public:
  virtual ~SchemaSurprises() = default;
  // An attribute that has no column. `attribute` may be read. False when its bytes are corrupt.
  virtual bool OnUnknownAttribute(std::string_view name, AttributeValue& attribute) = 0;
  // The same for a map that is taken apart into columns, the value of the attribute `name`, which
  // begins at `json`: it has a field without a column, or no field.
  virtual bool OnUnknownField(std::string_view name, const char* json) = 0;
  // The value of the attribute `name`, which begins at `json`, did not fit these columns: several
  // when it should have been a map and is taken apart into them. False to stop.
  virtual bool OnMisfit(const std::vector<size_t>& columns, std::string_view name,
                        const char* json) = 0;
};

// Not thread-safe. Columns that a query does not use are passed over.
class ItemWriter {
 public:
  struct Target {
    size_t output;  // of the chunk
    size_t column;  // of the schema
  };

  ItemWriter(const ItemSchema& schema, const std::vector<Target>& targets,
             SchemaSurprises& surprises);

  // Writes one item into `row` of all target columns. False when the bytes are no item, or
  // `surprises` says so.
  bool Write(JsonObject& item, duckdb::DataChunk& chunk, duckdb::idx_t row);

 private:
  // Where the values of an attribute go, or of a field of one that is taken apart.
  struct Place {
    // Index into leaves_; kNone when nobody reads it or it has fields of its own.
    size_t leaf = kNone;
    std::unique_ptr<FieldFinder> finder;  // for one that is taken apart
    std::vector<Place> fields;            // by the finder's index
  };
  struct Leaf {
    Target target;
    std::unique_ptr<ValueWriter> writer;
  };
  static constexpr size_t kNone = static_cast<size_t>(-1);

  Place MakePlace(const ColumnTree& tree, const std::vector<size_t>& leaf_of_column) const;
  bool WriteAttribute(std::string_view attribute_name, const char* json, const Place& place,
                      AttributeValue& attribute, duckdb::DataChunk& chunk, duckdb::idx_t row);
  bool WriteFields(std::string_view attribute_name, const char* json, const Place& place,
                   AttributeValue& attribute, duckdb::DataChunk& chunk, duckdb::idx_t row);
  // The columns that are read of `place` and of what is below it.
  void AppendColumns(const Place& place, std::vector<size_t>& columns) const;

  const ColumnTree tree_;
  SchemaSurprises& surprises_;
  std::vector<Leaf> leaves_;
  std::vector<std::string> names_;  // of the attributes that are read
  std::vector<Place> places_;       // by the place in names_
  FieldFinder finder_;
  std::vector<bool> written_;  // of the item under way, by leaf
  const bool has_catch_all_;
};

}  // namespace sumac::items
