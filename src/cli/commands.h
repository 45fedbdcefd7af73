// What each of the program's commands does; they return the exit code.
#pragma once

#include "base/clock.h"
#include "cli/command_line.h"
#include "cli/signal_watcher.h"

namespace sumac::cli {

int RunSqlCommand(const SqlOptions& options, SignalWatcher& signals, const Clock& clock);
int RunRunCommand(const RunOptions& options, SignalWatcher& signals);
int RunInitCommand(const InitOptions& options);

}  // namespace sumac::cli
