#include "engine/results/arrow/row_sizes.h"

#include <limits>

namespace sumac::engine {
namespace {

using duckdb::idx_t;
using duckdb::LogicalTypeId;
using duckdb::PhysicalType;
using duckdb::Vector;

constexpr uint64_t kOffsetBytes = 4;
// DuckDB keeps small decimals in fewer, and Arrow has none below this.
constexpr uint64_t kDecimalBytes = 16;
constexpr uint64_t kIntervalBytes = 16;

uint64_t FixedBytes(const duckdb::LogicalType& type) {
  if (type.id() == LogicalTypeId::DECIMAL) return kDecimalBytes;
  return duckdb::GetTypeIdSize(type.InternalType());
}

void AddToAll(uint64_t bytes, std::vector<uint64_t>& sizes) {
  for (uint64_t& size : sizes) size += bytes;
}

void AddText(Vector& vector, std::vector<uint64_t>& sizes) {
  const auto* values = duckdb::FlatVector::GetData<duckdb::string_t>(vector);
  const auto& validity = duckdb::FlatVector::Validity(vector);
  for (idx_t row = 0; row < sizes.size(); ++row) {
    sizes[row] += kOffsetBytes + (validity.RowIsValid(row) ? values[row].GetSize() : 0);
  }
}

void AddIntervals(Vector& vector, std::vector<uint64_t>& sizes) {
  constexpr int64_t kMicrosMax = std::numeric_limits<int64_t>::max() / 1000;
  const auto* values = duckdb::FlatVector::GetData<duckdb::interval_t>(vector);
  const auto& validity = duckdb::FlatVector::Validity(vector);
  for (idx_t row = 0; row < sizes.size(); ++row) {
    sizes[row] += kIntervalBytes;
    if (!validity.RowIsValid(row)) continue;
    if (values[row].micros > kMicrosMax || values[row].micros < -kMicrosMax) {
      throw duckdb::OutOfRangeException(
          "an INTERVAL of more than 292 years of time does not fit Arrow's nanoseconds; cast it to "
          "VARCHAR");
    }
  }
}

void AddLists(Vector& vector, std::vector<uint64_t>& sizes) {
  std::vector<uint64_t> before(duckdb::ListVector::GetListSize(vector), 0);
  AddRowSizes(duckdb::ListVector::GetEntry(vector), before);
  uint64_t sum = 0;
  for (uint64_t& size : before) sum += std::exchange(size, sum);
  before.push_back(sum);
  const auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(vector);
  const auto& validity = duckdb::FlatVector::Validity(vector);
  for (idx_t row = 0; row < sizes.size(); ++row) {
    sizes[row] += kOffsetBytes;
    if (!validity.RowIsValid(row)) continue;
    const auto& entry = entries[row];
    sizes[row] += before[entry.offset + entry.length] - before[entry.offset];
  }
}

void AddArrays(Vector& vector, std::vector<uint64_t>& sizes) {
  const idx_t length = duckdb::ArrayType::GetSize(vector.GetType());
  std::vector<uint64_t> items(sizes.size() * length, 0);
  AddRowSizes(duckdb::ArrayVector::GetEntry(vector), items);
  for (size_t i = 0; i < items.size(); ++i) sizes[i / length] += items[i];
}

}  // namespace

void AddRowSizes(Vector& vector, std::vector<uint64_t>& sizes) {
  if (sizes.empty()) return;
  vector.Flatten(sizes.size());
  switch (vector.GetType().InternalType()) {
    case PhysicalType::VARCHAR:
      return AddText(vector, sizes);
    case PhysicalType::INTERVAL:
      return AddIntervals(vector, sizes);
    case PhysicalType::LIST:
      return AddLists(vector, sizes);
    case PhysicalType::ARRAY:
      return AddArrays(vector, sizes);
    case PhysicalType::STRUCT:
      for (auto& member : duckdb::StructVector::GetEntries(vector)) AddRowSizes(*member, sizes);
      return;
    default:
      return AddToAll(FixedBytes(vector.GetType()), sizes);
  }
}

}  // namespace sumac::engine
