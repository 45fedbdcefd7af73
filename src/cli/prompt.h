// The prompt of `sumac sql`: statements over several lines, history, Ctrl-C that cancels.
#pragma once

#include "cli/query_source.h"

namespace sumac::cli {

// Reads and answers statements until `exit` or Ctrl-D; returns the exit code.
int RunPrompt(QuerySource& source, const QuerySettings& settings, SignalWatcher& signals);

}  // namespace sumac::cli
