// The values of a record batch that a client sent, one at a time. Everything is checked against the
// bytes that came. Internal to engine/results/arrow.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/results/arrow/arrow_fields.h"

namespace sumac::engine {

// A column of a batch. Must not outlive the field, the body and the dictionaries that it was read
// from.
struct ArrowColumnData {
  const ArrowField* field = nullptr;
  int64_t length = 0;
  std::string_view validity;  // empty: nothing is null
  std::string_view offsets;   // of text, bytes and lists
  std::string_view values;
  std::vector<ArrowColumnData> children;
  const ArrowColumnData* dictionary = nullptr;
};

// A dictionary with the bytes that it points into.
struct ArrowDictionary {
  std::string body;
  ArrowColumnData column;
};
using ArrowDictionaries = std::map<int64_t, std::unique_ptr<ArrowDictionary>>;

// The columns of `batch`, whose buffers are in `body`. Errors: kInvalidArgument (parts are missing
// or lie outside of the body), kUnsupported (it is compressed).
Result<std::vector<ArrowColumnData>> ReadArrowColumns(const arrow_format::RecordBatch& batch,
                                                      const std::vector<ArrowField>& fields,
                                                      std::string_view body,
                                                      const ArrowDictionaries& dictionaries);

// The value of a row. Errors: kInvalidArgument (there is none, or it is broken), kUnsupported (it
// does not fit the type that DuckDB has for it), kResourceExhausted (it has more values than
// `values_left`, from which they are taken).
Result<duckdb::Value> ReadArrowValue(const ArrowColumnData& column, int64_t row,
                                     uint64_t& values_left);

}  // namespace sumac::engine
