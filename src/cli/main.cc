#include <csignal>
#include <cstdlib>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/query_runner.h"

namespace {

// What the command line and SUMAC_LOG say; nothing when neither does. The error names SUMAC_LOG.
sumac::Result<std::optional<sumac::LogLevel>> AskedLevel(const sumac::cli::CommandLine& line) {
  if (line.log_level) return line.log_level;
  const char* text = std::getenv("SUMAC_LOG");
  if (text == nullptr || *text == '\0') return std::optional<sumac::LogLevel>();
  if (const auto level = sumac::ParseLogLevel(text)) return level;
  return sumac::Fail(sumac::ErrorCode::kInvalidArgument,
                     "SUMAC_LOG takes error, warn, info, debug or trace");
}

}  // namespace

int main(int argc, char** argv) {
  // Output that nobody reads is an error of write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  const auto line = sumac::cli::ParseCommandLine({argv + 1, argv + argc});
  if (!line) {
    sumac::cli::PrintError(line.error());
    return sumac::cli::kExitUsage;
  }
  if (const auto* text = std::get_if<sumac::cli::PrintText>(&line->command)) {
    std::fputs(text->text.c_str(), stdout);
    return sumac::cli::kExitAnswer;
  }
  if (std::holds_alternative<sumac::cli::VersionOptions>(line->command)) {
    return sumac::cli::RunVersionCommand();
  }
  const auto asked = AskedLevel(*line);
  if (!asked) {
    sumac::cli::PrintError(asked.error());
    return sumac::cli::kExitUsage;
  }
  const auto* run = std::get_if<sumac::cli::RunOptions>(&line->command);
  using sumac::LogLevel;
  sumac::InitializeLog(asked->value_or(run != nullptr ? LogLevel::kInfo : LogLevel::kWarning),
                       run == nullptr   ? sumac::LogStyle::kPlain
                       : line->log_json ? sumac::LogStyle::kJson
                                        : sumac::LogStyle::kTimestamped);
  if (const auto* init = std::get_if<sumac::cli::InitOptions>(&line->command)) {
    return sumac::cli::RunInitCommand(*init);
  }
  if (const auto* validate = std::get_if<sumac::cli::ValidateOptions>(&line->command)) {
    return sumac::cli::RunValidateCommand(*validate);
  }
  if (const auto* add = std::get_if<sumac::cli::AddOptions>(&line->command)) {
    return sumac::cli::RunAddCommand(*add);
  }
  const sumac::SystemClock clock;
  sumac::cli::SignalWatcher signals;
  // A level that was asked for is not changed by a Spicepod.
  sumac::cli::PodLogging pod_logging{.takes_output_level = !asked->has_value()};
  if (run != nullptr) return sumac::cli::RunRunCommand(*run, pod_logging, signals);
  if (const auto* credentials = std::get_if<sumac::cli::CredentialsOptions>(&line->command)) {
    return sumac::cli::RunCredentialsCommand(*credentials, pod_logging, signals);
  }
  if (const auto* schema = std::get_if<sumac::cli::SchemaOptions>(&line->command)) {
    return sumac::cli::RunSchemaCommand(*schema, pod_logging, signals);
  }
  if (const auto* datasets = std::get_if<sumac::cli::DatasetsOptions>(&line->command)) {
    return sumac::cli::RunDatasetsCommand(*datasets, signals, clock);
  }
  if (const auto* refresh = std::get_if<sumac::cli::RefreshOptions>(&line->command)) {
    return sumac::cli::RunRefreshCommand(*refresh, signals);
  }
  if (const auto* status = std::get_if<sumac::cli::StatusOptions>(&line->command)) {
    return sumac::cli::RunStatusCommand(*status, signals);
  }
  return sumac::cli::RunSqlCommand(std::get<sumac::cli::SqlOptions>(line->command), pod_logging,
                                   signals, clock);
}
