// Who answers the statements of `sumac sql`: this process, or a server.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/ask_server.h"
#include "cli/query_runner.h"
#include "cli/signal_watcher.h"
#include "engine/session.h"

namespace sumac::cli {

// Not thread-safe.
class QuerySource {
 public:
  virtual ~QuerySource() = default;

  // Streams the answer of one statement to `out`; a signal cancels it. Warnings go to stderr.
  virtual Result<QueryOutcome> Run(const std::string& sql, const QuerySettings& settings,
                                   std::FILE* out) = 0;
};

// Everything given outlives it, but for the session, which it takes.
std::unique_ptr<QuerySource> MakeLocalQueries(std::unique_ptr<engine::Session> session,
                                              SignalWatcher& signals, const Clock& clock);

// Settings about reading DynamoDB in this process do not count there. Error kInvalidArgument: no
// address of a server that speaks HTTP, no key.
Result<std::unique_ptr<QuerySource>> MakeRemoteQueries(const AskedServer& asked,
                                                       SignalWatcher& signals, const Clock& clock);

}  // namespace sumac::cli
