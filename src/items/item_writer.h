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

// What a writer meets that the schema does not hold. `json` is the text of the attribute's value,
// {"S":"x"}; it stands in the page.
class SchemaSurprises {
 public:
  virtual ~SchemaSurprises() = default;
  // The attribute `name` has no column; or it is a map that is taken apart into columns, and has a
  // field without a column, or no field. False when the bytes are corrupt.
  virtual bool OnUnknownAttribute(std::string_view name, std::string_view json) = 0;
  // The value of the attribute `name` did not fit these columns: several when it should have been a
  // map and is taken apart into them. False to stop.
  virtual bool OnMisfit(const std::vector<size_t>& columns, std::string_view name,
                        std::string_view json) = 0;
};

// Not thread-safe. Columns that a query does not use are passed over.
class ItemWriter {
 public:
  struct Target {
    size_t output;             // of the chunk
    size_t column;             // of the schema
    FieldSelection selection;  // of what is read of it
  };

  ItemWriter(const ItemSchema& schema, const std::vector<Target>& targets,
             SchemaSurprises& surprises);

  // Begins a chunk; see ValueWriter::Begin.
  void Begin(duckdb::DataChunk& chunk, const PageBytes& page);

  // Writes the item that comes next into `row` of all target columns. False when the bytes are no
  // item, or `surprises` says so.
  bool Write(JsonCursor& json, duckdb::idx_t row);

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
    uint64_t written_in = 0;  // the item that it was last written in
  };
  // What the values of one attribute of an item did to its columns.
  struct Met {
    bool any = false;             // of what follows
    std::vector<size_t> misfits;  // columns
    bool unknown = false;         // something has no column
  };
  static constexpr size_t kNone = static_cast<size_t>(-1);

  Place MakePlace(const ColumnTree& tree, const std::vector<size_t>& leaf_of_column) const;
  bool WriteAttributes(JsonCursor& json, duckdb::idx_t row);
  bool WriteValue(const Place& place, AttributeValue& attribute, duckdb::idx_t row);
  bool WriteFields(const Place& place, AttributeValue& attribute, duckdb::idx_t row);
  bool TellOfSurprises(std::string_view name, const AttributeValue& attribute);
  bool EndUnknown(AttributeValue& attribute);
  // The columns that are read of `place` and of what is below it.
  void AppendColumns(const Place& place, std::vector<size_t>& columns) const;

  const ColumnTree tree_;
  SchemaSurprises& surprises_;
  std::vector<Leaf> leaves_;
  std::vector<std::string> names_;  // of the attributes that are read
  std::vector<Place> places_;       // by the place in names_
  FieldFinder finder_;
  Met met_;  // of the attribute under way
  uint64_t items_ = 0;
  size_t leaves_written_ = 0;  // of the item under way
  const bool has_catch_all_;
};

}  // namespace sumac::items
