// Runs one statement and prints its result.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/progress_display.h"
#include "cli/signal_watcher.h"
#include "engine/results/result_writer.h"
#include "engine/session.h"

namespace sumac::cli {

struct QuerySettings {
  engine::ResultFormat format = engine::ResultFormat::kTable;
  // Of each statement.
  std::optional<std::chrono::milliseconds> timeout;
  ProgressMode progress = ProgressMode::kNone;
  // Lists the calls of DynamoDB on stderr.
  bool explain_requests = false;
};

struct QueryOutcome {
  uint64_t rows_total = 0;
  uint64_t rows_shown = 0;
  double seconds = 0;
  // What was read of DynamoDB for it, and what that cost; the latter nothing when a price is
  // unknown.
  uint64_t requests = 0;
  double read_units = 0;
  std::optional<double> dollars = 0;
  // A server had it already.
  bool from_cache = false;
  // Nobody reads the output any more (`| head`): there is no point in going on.
  bool output_closed = false;
};

// Streams the result of `sql` to `out`; a signal cancels the query. Warnings and progress go to
// stderr.
Result<QueryOutcome> RunQuery(engine::Session& session, const std::string& sql,
                              const QuerySettings& settings, SignalWatcher& signals,
                              const Clock& clock, std::FILE* out);

// "Time: 0.012 seconds. 10 rows.", as Spice's prompt shows it, and " 2 requests, 12.5 RCU,
// $0.0000016." when DynamoDB was read. " (cached)" stands before the dot of an
// answer from a server's cache.
std::string ResultFooter(const QueryOutcome& outcome);

// "error: ..." on stderr, in red on a terminal.
void PrintError(const Error& error);

}  // namespace sumac::cli
