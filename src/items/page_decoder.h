// Decodes pages of items into DuckDB vectors: straight from the response's bytes, only the columns
// that a query uses.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "items/field_selection.h"
#include "items/item_schema.h"

namespace sumac::items {

// What one output column of a scan is.
struct OutputColumn {
  enum class Kind {
    kField,     // column `field` of the schema
    kItem,      // `_item`: the whole item as DynamoDB JSON, as it was sent
    kOverflow,  // `_overflow`: plain JSON of what the columns did not carry; NULL when they carried
                // all
    kNothing,   // nobody reads it: NULL
  };
  Kind kind = Kind::kField;
  size_t field = 0;
  // For structs: the fields that are read; the others are NULL.
  FieldSelection selection;
};

// Not thread-safe: one per worker thread. Reuses its buffers from page to page.
class PageDecoder {
 public:
  PageDecoder(std::shared_ptr<const ItemSchema> schema, std::vector<OutputColumn> columns);
  ~PageDecoder();

  // Begins a page. `body` must stay unchanged, and be followed by net::kBodyPaddingBytes readable
  // bytes, until the page is decoded or another is started. With an `owner`, which keeps the body
  // where it is, strings of decoded vectors stand in it; without one they are copied out. Error
  // kDataCorrupt when it is no page.
  Status Start(std::string_view body, std::shared_ptr<const void> owner = nullptr);

  // Decodes the next items into `chunk`, whose columns are those of the constructor: at most
  // STANDARD_VECTOR_SIZE, and 0 at the end of the page. REQUIRES: `chunk` is empty (reset) and its
  // vectors are flat. Errors: kDataCorrupt when the page breaks in the middle; kInvalidArgument
  // when a value does not fit its column and the schema says that this is an error.
  Result<duckdb::idx_t> Next(duckdb::DataChunk& chunk);

  // Values that did not fit, by schema column, since the constructor.
  const std::vector<uint64_t>& MisfitCounts() const;

  // What the items decoded so far had that the schema does not hold: attributes without a column
  // (as far as whole items were asked for) and values that did not fit, as a summary of maps like
  // the one that a schema is made from. Null when there was nothing of the kind. Starts anew after
  // each call.
  std::unique_ptr<TypeSummary> TakeNews();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace sumac::items
