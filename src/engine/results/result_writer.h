// A query's result to bytes. The writer appends to a sink that its caller drains between calls (and
// between rows, see ResultWriterOptions::drain), so a result of any size passes through a bounded
// buffer; except tables, which are laid out as a whole.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/session.h"

namespace sumac::engine {

enum class ResultFormat {
  kJson,         // one array of row objects on one line, without a newline at its end
  kJsonLines,    // one object a line
  kCsv,          // a header line, then RFC 4180 with \n; NULL is empty, an empty string is ""
  kTable,        // a bordered table for people; see ResultWriterOptions
  kSqlV1Json,    // application/vnd.spiceai.sql.v1+json: schema, rows and their count in one object
  kArrowStream,  // a stream of Arrow's IPC format, not text
};

struct ResultWriterOptions {
  // JSON: members that are NULL are left out of row objects and structs, as Spice does, unless this
  // is set. Elements of lists and values of maps are always written as null.
  bool keep_nulls = false;
  // A table is laid out as a whole, so it has bounds. Rows after them are counted, not shown.
  uint64_t table_rows_max = 500;
  uint64_t table_bytes_max = 64 << 20;
  // What EXPLAIN says is drawn already: it is shown line by line, in no table.
  bool plans_as_text = false;
  // One cell; longer text ends in "…".
  uint64_t table_cell_bytes_max = 64 << 10;
  // When set, it is called between rows once the sink holds `drain_bytes`, to empty it: a chunk of
  // wide rows can be a hundred times larger as text than a buffer should be. Its error ends Write.
  std::function<Status()> drain;
  size_t drain_bytes = 1 << 20;
  // When set, kSqlV1Json ends with "execution_time_ms".
  std::function<uint64_t()> elapsed_ms;
  // When set, and more than 0, kSqlV1Json has it as "consumed_rcu". Called at the end.
  std::function<double()> consumed_read_units;
  // When set, and when it gives any, kSqlV1Json ends with them as "warnings". Called at the end.
  std::function<std::vector<std::string>()> warnings;
};

// Not thread-safe. Call Begin once, Write any number of times, End once. After a failure the sink's
// content is not a valid document and no further call is allowed.
class ResultWriter {
 public:
  ResultWriter(ResultWriterOptions options, std::string& sink)
      : options_(std::move(options)), sink_(sink) {}
  virtual ~ResultWriter() = default;

  Status Begin(const std::vector<ResultColumn>& columns);
  // Nested vectors of `chunk` are flattened in place. Errors: kResourceExhausted (memory),
  // kInternal, those of `drain`.
  Status Write(duckdb::DataChunk& chunk);
  Status End();

  // Rows given to Write, and those of them that are in the output: less for a table over its
  // bounds.
  uint64_t rows_total() const { return rows_total_; }
  uint64_t rows_shown() const { return rows_shown_; }

 protected:
  virtual void WriteHeader(const std::vector<ResultColumn>& columns) = 0;
  // Returns how many of the chunk's rows are in the output.
  virtual uint64_t WriteRows(duckdb::DataChunk& chunk) = 0;
  virtual void WriteEnd() = 0;

  // To be called after each row; false when writing has to stop.
  bool DrainWhenFull();

  const ResultWriterOptions& options() const { return options_; }
  std::string& sink() { return sink_; }

 private:
  const ResultWriterOptions options_;
  std::string& sink_;
  Status drained_;
  uint64_t rows_total_ = 0;
  uint64_t rows_shown_ = 0;
};

// `sink` must outlive the writer.
std::unique_ptr<ResultWriter> MakeResultWriter(ResultFormat format, ResultWriterOptions options,
                                               std::string& sink);

}  // namespace sumac::engine
