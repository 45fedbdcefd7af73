// The prompt of `sumac sql`: statements over several lines, history, Ctrl-C that cancels.
#pragma once

#include "base/clock.h"
#include "cli/signal_watcher.h"
#include "datasets/runtime.h"
#include "engine/results/result_writer.h"

namespace sumac::cli {

// Reads and answers statements until `exit` or Ctrl-D; returns the exit code.
int RunPrompt(datasets::Runtime& runtime, engine::ResultFormat format, SignalWatcher& signals,
              const Clock& clock);

}  // namespace sumac::cli
