// Cells of one column to text. A writer is chosen once per column for its type and style; it then
// reads DuckDB's vectors directly, without a duckdb::Value per cell.
#pragma once

#include <memory>
#include <string>

#include <duckdb.hpp>

namespace sumac::engine {

enum class CellStyle {
  kJson,           // a JSON value; members of structs that are NULL are left out, as Spice does
  kJsonWithNulls,  // a JSON value; they are written as null
  kText,           // bare text: `abc`, `{a: 1, b: x}`, `[1, 2]`; NULL is nothing
};

// Not thread-safe.
class CellWriter {
 public:
  virtual ~CellWriter() = default;

  // Makes `vector` the one whose cells follow. It must live, unchanged, until the next Bind or the
  // last Append; nested vectors are flattened in place. May throw what DuckDB throws.
  virtual void Bind(duckdb::Vector& vector, duckdb::idx_t count);

  bool IsNull(duckdb::idx_t row) const {
    return !format_.validity.RowIsValid(format_.sel->get_index(row));
  }

  // Appends the cell of `row`, which is not NULL.
  virtual void Append(duckdb::idx_t row, std::string& out) const = 0;

 protected:
  template <typename T>
  const T& Cell(duckdb::idx_t row) const {
    return duckdb::UnifiedVectorFormat::GetData<T>(format_)[format_.sel->get_index(row)];
  }
  duckdb::idx_t Index(duckdb::idx_t row) const { return format_.sel->get_index(row); }

 private:
  duckdb::UnifiedVectorFormat format_;
};

std::unique_ptr<CellWriter> MakeCellWriter(const duckdb::LogicalType& type, CellStyle style);

// The same for LIST, ARRAY, STRUCT, MAP and UNION; nullptr for any other type.
std::unique_ptr<CellWriter> MakeNestedCellWriter(const duckdb::LogicalType& type, CellStyle style);

}  // namespace sumac::engine
