// Writers of attribute values into DuckDB vectors: one small class per shape, chosen once per
// column, so that nothing is decided per value that the schema has decided. Internal to items/.
#pragma once

#include <memory>

#include <duckdb.hpp>

#include "items/attribute_value.h"
#include "items/shape.h"

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

// Takes care of NULL, which every shape holds.
class NullableWriter : public ValueWriter {
 public:
  WriteOutcome Write(AttributeValue& attribute, duckdb::Vector& vector, duckdb::idx_t row) final;

 protected:
  // `attribute` is not NULL.
  virtual WriteOutcome WriteValue(AttributeValue& attribute, duckdb::Vector& vector,
                                  duckdb::idx_t row) = 0;
  static WriteOutcome Misfit(duckdb::Vector& vector, duckdb::idx_t row);
};

std::unique_ptr<ValueWriter> MakeValueWriter(const Shape& shape);

// REQUIRES: a shape without shapes below it.
std::unique_ptr<ValueWriter> MakeScalarWriter(const Shape& shape);

// Makes `row` NULL in `vector` and in everything below it.
void WriteNull(duckdb::Vector& vector, duckdb::idx_t row);

}  // namespace sumac::items
