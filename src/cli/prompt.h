// The prompt of `sumac sql`: statements over several lines, history, Ctrl-C that cancels.
#pragma once

#include "base/clock.h"
#include "cli/query_runner.h"
#include "cli/signal_watcher.h"
#include "datasets/runtime.h"

namespace sumac::cli {

// Reads and answers statements until `exit` or Ctrl-D; returns the exit code.
int RunPrompt(datasets::Runtime& runtime, const QuerySettings& settings, SignalWatcher& signals,
              const Clock& clock);

}  // namespace sumac::cli
