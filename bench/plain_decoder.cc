#include "plain_decoder.h"

#include <algorithm>

#include "plain_writer.h"

namespace sumac::bench {

using duckdb::idx_t;
using namespace duckdb_yyjson;  // NOLINT(google-build-using-namespace): its whole interface

class PlainDecoder::State {
 public:
  State(const items::ItemSchema& schema, const std::vector<size_t>& columns) {
    for (const size_t column : columns) {
      members_.Add(schema.columns[column].attribute_name, schema.columns[column].shape);
    }
  }

  bool Start(std::string& body) {
    memory_.resize(
        std::max(memory_.size(), yyjson_read_max_memory_usage(body.size(), YYJSON_READ_INSITU)));
    yyjson_alc allocator;
    yyjson_alc_pool_init(&allocator, memory_.data(), memory_.size());
    // Reading in place wants four zero bytes after the text.
    const size_t length = body.size();
    body.resize(length + YYJSON_PADDING_SIZE);
    yyjson_doc* document =
        yyjson_read_opts(body.data(), length, YYJSON_READ_INSITU, &allocator, nullptr);
    body.resize(length);
    yyjson_val* items =
        document == nullptr ? nullptr : yyjson_obj_get(yyjson_doc_get_root(document), "Items");
    if (!yyjson_is_arr(items)) return false;
    left_ = unsafe_yyjson_get_len(items);
    next_ = unsafe_yyjson_get_first(items);
    return true;
  }

  idx_t Next(duckdb::DataChunk& chunk) {
    idx_t row = 0;
    for (; left_ > 0 && row < STANDARD_VECTOR_SIZE; ++row, --left_) {
      members_.Write(
          next_, [&chunk](size_t i) -> duckdb::Vector& { return chunk.data[i]; }, row);
      next_ = unsafe_yyjson_get_next(next_);
    }
    chunk.SetCardinality(row);
    return row;
  }

 private:
  MembersWriter members_;
  std::vector<char> memory_;
  yyjson_val* next_ = nullptr;
  size_t left_ = 0;
};

PlainDecoder::PlainDecoder(std::shared_ptr<const items::ItemSchema> schema,
                           std::vector<size_t> columns)
    : state_(std::make_unique<State>(*schema, columns)) {}

PlainDecoder::~PlainDecoder() = default;

bool PlainDecoder::Start(std::string& body) {
  return state_->Start(body);
}

duckdb::idx_t PlainDecoder::Next(duckdb::DataChunk& chunk) {
  return state_->Next(chunk);
}

}  // namespace sumac::bench
