// The rows of a scan that are all that a query needs: any n of them, or the first n in the order of
// a key. Internal to engine/.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include <duckdb.hpp>
#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/planner/expression.hpp>

namespace sumac::engine {

// By a column of the schema, which stands at `output` in what the scan returns.
struct RowOrder {
  size_t column = 0;
  duckdb::idx_t output = 0;
  bool descending = false;
  bool nulls_first = false;
  // Other columns decide where this one does not.
  bool more_columns = false;
};

// Immutable.
struct FirstRows {
  uint64_t rows = 0;
  std::optional<RowOrder> order;  // nothing: any rows will do
  // What DuckDB asks of a row above the scan, its columns by their place in the scan's output; null
  // when it takes all.
  std::shared_ptr<const duckdb::Expression> filter;
};

// Counts rows as DuckDB will: those that pass the filter. Where there is an order, rows without the
// key are not counted, because they may belong at the other end of it. Not thread-safe; one for
// each worker of a scan.
class FirstRowsCounter {
 public:
  // `wanted` is not null. `rows` is all workers', and outlives this.
  FirstRowsCounter(duckdb::ClientContext& context, std::shared_ptr<const FirstRows> wanted,
                   std::atomic<uint64_t>& rows);

  // Throws what the filter throws.
  void Count(duckdb::DataChunk& chunk);

 private:
  const std::shared_ptr<const FirstRows> wanted_;
  std::atomic<uint64_t>& rows_;
  std::optional<duckdb::ExpressionExecutor> filter_;
  duckdb::SelectionVector passed_;
};

}  // namespace sumac::engine
