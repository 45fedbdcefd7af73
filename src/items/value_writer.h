// Writers of attribute values into DuckDB vectors: one small class per shape, chosen once per
// column, so that nothing is decided per value that the schema has decided. Internal to items/.
#pragma once

#include <bit>
#include <cstring>
#include <memory>

#include <duckdb.hpp>

#include "items/attribute_value.h"
#include "items/field_selection.h"
#include "items/shape.h"

namespace sumac::items {

enum class WriteOutcome {
  kWritten,
  // A part of the value, or all of it, did not fit; NULL stands in its place.
  kMisfit,
  // The bytes are no attribute value; the page cannot be read on.
  kCorrupt,
};

// Keeps the bytes of a page for vectors whose strings stand in it; null when they cannot be kept,
// and strings are copied.
using PageBytes = duckdb::buffer_ptr<duckdb::VectorBuffer>;

// Not thread-safe: one per column and thread. Writes rows of a flat vector of the shape's type.
class ValueWriter {
 public:
  virtual ~ValueWriter() = default;

  // Begins a chunk: the rows that are written from now on are of `vector`, which is flat. It must
  // not be reset or resized until the next Begin.
  virtual void Begin(duckdb::Vector& vector, const PageBytes& page) = 0;
  // Leaves `attribute` for its opener to finish.
  WriteOutcome Write(AttributeValue& attribute, duckdb::idx_t row) {
    if (attribute.tag() != AttributeTag::kNull) return WriteValue(attribute, row);
    WriteNull(row);
    return WriteOutcome::kWritten;
  }
  // Makes `row` NULL, and everything below it.
  virtual void WriteNull(duckdb::idx_t row) = 0;

 private:
  // `attribute` is not NULL.
  virtual WriteOutcome WriteValue(AttributeValue& attribute, duckdb::idx_t row) = 0;
};

// Keeps what the writers of one vector need of it.
class VectorWriter : public ValueWriter {
 public:
  void Begin(duckdb::Vector& vector, const PageBytes& page) override;
  void WriteNull(duckdb::idx_t row) override { validity_->SetInvalid(row); }

 protected:
  WriteOutcome Misfit(duckdb::idx_t row) {
    WriteNull(row);
    return WriteOutcome::kMisfit;
  }

  duckdb::Vector& vector() { return *vector_; }
  // REQUIRES: the vector's physical type is T's.
  template <typename T>
  T* data() {
    return reinterpret_cast<T*>(data_);
  }

 private:
  duckdb::Vector* vector_ = nullptr;
  duckdb::data_ptr_t data_ = nullptr;
  duckdb::ValidityMask* validity_ = nullptr;
};

std::unique_ptr<ValueWriter> MakeValueWriter(const Shape& shape,
                                             const FieldSelection& selection = {});

// REQUIRES: a shape without shapes below it.
std::unique_ptr<ValueWriter> MakeScalarWriter(const Shape& shape);

// Writes strings: those that stand in a page that is kept, without a copy.
class StringPlace {
 public:
  void Begin(duckdb::Vector& vector, const PageBytes& page);
  // `text` was read from `json`.
  void Write(std::string_view text, const JsonCursor& json, duckdb::idx_t row) {
    if (text.size() <= duckdb::string_t::INLINE_LENGTH) {
      data_[row] = Inlined(text);
    } else if (in_place_ && json.IsInPlace(text)) {
      data_[row] = duckdb::string_t(text.data(), static_cast<uint32_t>(text.size()));
    } else {
      Copy(text, row);
    }
  }
  void Copy(std::string_view text, duckdb::idx_t row) {
    data_[row] = duckdb::StringVector::AddString(*vector_, text.data(), text.size());
  }

 private:
  // Without the call that copying so few bytes costs: what is behind the text may be read.
  static duckdb::string_t Inlined(std::string_view text) {
    static_assert(duckdb::string_t::INLINE_LENGTH == 12 && JsonCursor::kTextPaddingBytes >= 12);
    static_assert(std::endian::native == std::endian::little);
    const size_t size = text.size();
    uint64_t first = 0;
    uint32_t last = 0;
    std::memcpy(&first, text.data(), sizeof first);
    std::memcpy(&last, text.data() + sizeof first, sizeof last);
    if (size < 8) {
      first &= (uint64_t{1} << (8 * size)) - 1;
      last = 0;
    } else if (size < 12) {
      last &= (uint32_t{1} << (8 * (size - 8))) - 1;
    }
    duckdb::string_t string(static_cast<uint32_t>(size));
    std::memcpy(string.GetPrefixWriteable(), &first, sizeof first);
    std::memcpy(string.GetPrefixWriteable() + sizeof first, &last, sizeof last);
    return string;
  }

  duckdb::Vector* vector_ = nullptr;
  duckdb::string_t* data_ = nullptr;
  bool in_place_ = false;
};

}  // namespace sumac::items
