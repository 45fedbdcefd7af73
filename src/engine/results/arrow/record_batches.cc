#include "engine/results/arrow/record_batches.h"

#include <duckdb/common/arrow/arrow_appender.hpp>
#include <duckdb/common/arrow/arrow_wrapper.hpp>
#include <duckdb/common/vector_operations/vector_operations.hpp>
#include <duckdb/main/client_properties.hpp>

#include "engine/results/arrow/row_sizes.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

constexpr uint64_t kOffsetBytes = sizeof(int32_t);

// The parts of a record batch, collected from DuckDB's arrays in the order of the format.
class BatchParts {
 public:
  void Add(const ArrowArray& array, const LogicalType& type) {
    nodes_.push_back({array.length, array.null_count});
    const auto rows = static_cast<uint64_t>(array.length);
    switch (type.id()) {
      case LogicalTypeId::SQLNULL:
        // Has no buffers, and all of it is null.
        nodes_.back().null_count = array.length;
        return;
      case LogicalTypeId::UNION:
        // Has no validity: its members have.
        nodes_.back().null_count = 0;
        AddBuffer(array.buffers[0], rows);
        return AddUnion(array, type);
      default:
        break;
    }
    AddBuffer(array.buffers[0], array.null_count == 0 ? 0 : (rows + 7) / 8);
    switch (type.InternalType()) {
      case duckdb::PhysicalType::VARCHAR:
        return AddText(array, rows);
      case duckdb::PhysicalType::LIST:
        return AddList(array, type, rows);
      case duckdb::PhysicalType::ARRAY:
        return Add(*array.children[0], duckdb::ArrayType::GetChildType(type));
      case duckdb::PhysicalType::STRUCT:
        for (int64_t i = 0; i < array.n_children; ++i) {
          Add(*array.children[i], duckdb::StructType::GetChildType(type, i));
        }
        return;
      default:
        return AddBuffer(array.buffers[1], FixedBytes(type, rows));
    }
  }

  const std::vector<IpcNode>& all_nodes() const { return nodes_; }
  std::vector<std::string_view> TakeBuffers() { return std::move(buffers_); }

 private:
  void AddBuffer(const void* data, uint64_t size) {
    buffers_.emplace_back(size == 0 ? nullptr : static_cast<const char*>(data), size);
  }

  static uint64_t FixedBytes(const LogicalType& type, uint64_t rows) {
    switch (type.id()) {
      case LogicalTypeId::BOOLEAN:
        return (rows + 7) / 8;
      case LogicalTypeId::DECIMAL:
        return rows * sizeof(duckdb::hugeint_t);
      default:
        return rows * duckdb::GetTypeIdSize(type.InternalType());
    }
  }

  void AddText(const ArrowArray& array, uint64_t rows) {
    AddBuffer(array.buffers[1], (rows + 1) * kOffsetBytes);
    AddBuffer(array.buffers[2], static_cast<uint64_t>(LastOffset(array, rows)));
  }

  void AddList(const ArrowArray& array, const LogicalType& type, uint64_t rows) {
    AddBuffer(array.buffers[1], (rows + 1) * kOffsetBytes);
    // Of a map too: its entries are a struct of a key and a value.
    Add(*array.children[0], duckdb::ListType::GetChildType(type));
  }

  void AddUnion(const ArrowArray& array, const LogicalType& type) {
    for (int64_t i = 0; i < array.n_children; ++i) {
      Add(*array.children[i],
          duckdb::UnionType::GetMemberType(type, static_cast<duckdb::idx_t>(i)));
    }
  }

  static int32_t LastOffset(const ArrowArray& array, uint64_t rows) {
    return static_cast<const int32_t*>(array.buffers[1])[rows];
  }

  std::vector<IpcNode> nodes_;
  std::vector<std::string_view> buffers_;
};

duckdb::ClientProperties Properties() {
  // Plain Arrow, which every reader knows: 32-bit offsets, no views, decimals of 128 bits.
  return {"UTC", duckdb::ArrowOffsetSize::REGULAR, false,  false,
          false, duckdb::ArrowFormatVersion::V1_0, nullptr};
}

}  // namespace

RecordBatches::RecordBatches(const std::vector<ArrowColumn>& columns, RecordBatchLimits limits,
                             Take take)
    : limits_(limits), take_(std::move(take)) {
  for (const ArrowColumn& column : columns) types_.push_back(ArrowStoredType(column.type));
  stored_.InitializeEmpty(types_);
}

RecordBatches::~RecordBatches() = default;

void RecordBatches::Cast(duckdb::DataChunk& chunk) {
  for (duckdb::idx_t i = 0; i < types_.size(); ++i) {
    auto& vector = chunk.data[i];
    if (vector.GetType() == types_[i]) {
      stored_.data[i].Reference(vector);
      continue;
    }
    duckdb::Vector cast(types_[i], chunk.size());
    duckdb::VectorOperations::DefaultCast(vector, cast, chunk.size());
    stored_.data[i].Reference(cast);
  }
  stored_.SetCardinality(chunk.size());
}

Status RecordBatches::Add(duckdb::DataChunk& chunk) {
  Cast(chunk);
  const duckdb::idx_t rows = stored_.size();
  sizes_.assign(rows, 0);
  for (auto& vector : stored_.data) AddRowSizes(vector, sizes_);
  duckdb::idx_t from = 0;
  while (from < rows) {
    if (batch_ == nullptr) {
      batch_ = std::make_unique<duckdb::ArrowAppender>(
          types_, rows, Properties(),
          duckdb::unordered_map<duckdb::idx_t,
                                const duckdb::shared_ptr<duckdb::ArrowTypeExtensionData>>());
    }
    duckdb::idx_t to = from;
    const uint64_t had = batch_->RowCount();
    while (to < rows && (had + to - from == 0 || batch_bytes_ + sizes_[to] <= limits_.bytes) &&
           had + to - from < limits_.rows) {
      batch_bytes_ += sizes_[to++];
    }
    if (to > from) batch_->Append(stored_, from, to, rows);
    from = to;
    if (from < rows) SUMAC_RETURN_IF_ERROR(Flush());
  }
  return {};
}

Status RecordBatches::Finish() {
  return batch_ == nullptr ? Status() : Flush();
}

Status RecordBatches::Flush() {
  const auto array = std::make_shared<duckdb::ArrowArrayWrapper>();
  const uint64_t rows = batch_->RowCount();
  array->arrow_array = batch_->Finalize();
  batch_.reset();
  batch_bytes_ = 0;
  BatchParts parts;
  for (size_t i = 0; i < types_.size(); ++i) parts.Add(*array->arrow_array.children[i], types_[i]);
  return take_(MakeBatchMessage(rows, parts.all_nodes(), parts.TakeBuffers(), array));
}

}  // namespace sumac::engine
