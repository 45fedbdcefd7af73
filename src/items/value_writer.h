// Writers of attribute values into DuckDB vectors: one small class per shape, chosen once per
// column, so that nothing is decided per value that the schema has decided. Internal to items/.
#pragma once

#include <memory>

#include <duckdb.hpp>

#include "items/attribute_value.h"
#include "items/item_schema.h"

namespace sumac::items {

enum class WriteOutcome {
  kWritten,
  // A part of the value, or all of it, did not fit; NULL stands in its place.
  kMisfit,
  // The bytes are no attribute value; the page cannot be read on.
  kCorrupt,
};

// Not thread-safe: one per column and thread. Writes rows of a flat vector of the shape's type.
class ValueWriter {
 public:
  virtual ~ValueWriter() = default;
  virtual WriteOutcome Write(AttributeValue& attribute, duckdb::Vector& vector,
                             duckdb::idx_t row) = 0;
};

std::unique_ptr<ValueWriter> MakeValueWriter(const Shape& shape);

// Makes `row` NULL in `vector` and in everything below it.
void WriteNull(duckdb::Vector& vector, duckdb::idx_t row);

}  // namespace sumac::items
