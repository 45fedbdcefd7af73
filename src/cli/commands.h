// What each of the program's commands does; they return the exit code.
#pragma once

#include "base/clock.h"
#include "cli/command_line.h"
#include "cli/pod_source.h"
#include "cli/signal_watcher.h"

namespace sumac::cli {

int RunSqlCommand(const SqlOptions& options, PodLogging logging, SignalWatcher& signals,
                  const Clock& clock);
int RunRunCommand(const RunOptions& options, PodLogging logging, SignalWatcher& signals);
int RunCredentialsCommand(const CredentialsOptions& options, PodLogging logging,
                          SignalWatcher& signals);
int RunSchemaCommand(const SchemaOptions& options, PodLogging logging, SignalWatcher& signals);
int RunDatasetsCommand(const DatasetsOptions& options, SignalWatcher& signals, const Clock& clock);
int RunRefreshCommand(const RefreshOptions& options, SignalWatcher& signals);
int RunStatusCommand(const StatusOptions& options, SignalWatcher& signals);
int RunValidateCommand(const ValidateOptions& options);
int RunAddCommand(const AddOptions& options);
int RunVersionCommand();
int RunInitCommand(const InitOptions& options);

}  // namespace sumac::cli
