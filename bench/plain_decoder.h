// What the page decoder is measured against: the plain way of a good implementation, which parses
// each page into a tree with yyjson and walks that into the same DuckDB vectors.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "items/item_schema.h"

namespace sumac::bench {

// Not thread-safe: one per thread. Writes schemas that are inferred with the usual options: scalars
// of one type, lists and maps of them. A value that does not fit its column is NULL.
class PlainDecoder {
 public:
  // `columns` are indexes of the schema's.
  PlainDecoder(std::shared_ptr<const items::ItemSchema> schema, std::vector<size_t> columns);
  ~PlainDecoder();

  // Begins a page, whose bytes it changes. `body` must stay as long as the vectors are used: their
  // strings stand in it. False when it is no page.
  bool Start(std::string& body);

  // Decodes the next items into an empty `chunk`, and returns how many; 0 at the end of the page.
  duckdb::idx_t Next(duckdb::DataChunk& chunk);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace sumac::bench
