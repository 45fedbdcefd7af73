#include <csignal>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/query_runner.h"

namespace {

using sumac::cli::CommandLine;

sumac::LogLevel LevelOf(const CommandLine& line, bool is_run) {
  if (line.verbose) return is_run ? sumac::LogLevel::kDebug : sumac::LogLevel::kInfo;
  return is_run ? sumac::LogLevel::kInfo : sumac::LogLevel::kWarning;
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
  const auto* run = std::get_if<sumac::cli::RunOptions>(&line->command);
  sumac::InitializeLog(LevelOf(*line, run != nullptr),
                       run != nullptr ? sumac::LogStyle::kTimestamped : sumac::LogStyle::kPlain);
  if (const auto* init = std::get_if<sumac::cli::InitOptions>(&line->command)) {
    return sumac::cli::RunInitCommand(*init);
  }
  const sumac::SystemClock clock;
  sumac::cli::SignalWatcher signals;
  if (run != nullptr) return sumac::cli::RunRunCommand(*run, signals);
  return sumac::cli::RunSqlCommand(std::get<sumac::cli::SqlOptions>(line->command), signals, clock);
}
