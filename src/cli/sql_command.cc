#include <atomic>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/pod_source.h"
#include "cli/prompt.h"
#include "cli/query_runner.h"
#include "cli/query_source.h"
#include "cli/statement_splitter.h"
#include "datasets/runtime.h"
#include "engine/progress_text.h"

namespace sumac::cli {
namespace {

// The SQL to run, or nothing when a prompt is wanted.
Result<std::optional<std::string>> ReadSql(const SqlOptions& options) {
  if (options.command) return options.command;
  const bool from_input = options.file ? *options.file == "-" : isatty(STDIN_FILENO) == 0;
  if (from_input) {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  if (!options.file) return std::nullopt;
  // The stream of a folder opens, and throws when it is read.
  if (std::filesystem::is_directory(*options.file)) {
    return Fail(ErrorCode::kNotFound, *options.file + " is a folder; -f takes a file of SQL");
  }
  std::ifstream file(*options.file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return Fail(ErrorCode::kNotFound, "the file " + *options.file + " cannot be read");
  }
  return text;
}

// Runs each statement in turn; stops at the first that fails.
int RunStatements(QuerySource& source, const std::string& sql, const QuerySettings& settings) {
  SplitSql split = SplitStatements(sql);
  // DuckDB finds what is wrong with an incomplete rest, and says it better.
  if (!split.rest.empty()) split.statements.push_back(split.rest);
  if (split.statements.empty()) {
    PrintError(UserError(ErrorCode::kInvalidArgument, "there is no SQL to run"));
    return kExitUsage;
  }
  for (const auto& statement : split.statements) {
    const auto outcome = source.Run(statement, settings, stdout);
    if (!outcome) {
      PrintError(outcome.error());
      return kExitQueryFailed;
    }
    if (outcome->output_closed) return kExitAnswer;
    if (settings.format == engine::ResultFormat::kTable && isatty(STDERR_FILENO) != 0) {
      std::fputs(("\n" + ResultFooter(*outcome) + "\n").c_str(), stderr);
    } else if (outcome->rows_shown < outcome->rows_total) {
      // A table that was cut must not look whole.
      std::fputs(("warning: only the first " + std::to_string(outcome->rows_shown) + " of " +
                  std::to_string(outcome->rows_total) +
                  " rows are shown; use --format csv, json or jsonl for all\n")
                     .c_str(),
                 stderr);
    }
  }
  return kExitAnswer;
}

// A table that throttles can hold up its sample as well as a query, so the timeout holds for
// loading too.
Status LoadDatasets(datasets::Runtime& runtime, const SqlOptions& options, SignalWatcher& signals,
                    const Clock& clock) {
  constexpr std::chrono::milliseconds kLookAtClock{20};
  std::atomic<bool> cancelled = false;
  std::atomic<bool> late = false;
  std::optional<Ticker> watch;
  if (options.timeout) {
    const auto deadline = clock.MonotonicNow() + *options.timeout;
    watch.emplace(kLookAtClock, [&cancelled, &late, &clock, deadline] {
      if (cancelled || clock.MonotonicNow() < deadline) return;
      late = true;
      cancelled = true;
    });
  }
  signals.OnSignal([&cancelled] { cancelled = true; });
  runtime.Load(&cancelled);
  watch.reset();
  signals.OnSignal({});
  if (late) {
    return Fail(UserError(ErrorCode::kDeadlineExceeded, "loading the datasets did not end within " +
                                                            engine::DurationText(*options.timeout) +
                                                            "; give it more time with --timeout"));
  }
  if (cancelled) return Fail(CancelledError("Loading was cancelled."));
  return {};
}

QuerySettings SettingsOf(const SqlOptions& options) {
  QuerySettings settings;
  settings.format = options.format.value_or(engine::ResultFormat::kTable);
  settings.timeout = options.timeout;
  settings.explain_requests = options.explain_requests;
  settings.progress = ChooseProgressMode(options.progress, StderrCanDraw());
  return settings;
}

int Answer(QuerySource& source, const std::optional<std::string>& sql, const SqlOptions& options,
           SignalWatcher& signals) {
  if (sql) return RunStatements(source, *sql, SettingsOf(options));
  return RunPrompt(source, SettingsOf(options), signals);
}

// What a server answers.
int AnswerRemotely(const std::optional<std::string>& sql, const SqlOptions& options,
                   SignalWatcher& signals, const Clock& clock) {
  const auto source = MakeRemoteQueries(
      {options.endpoint, options.api_key, options.root_certificate_path}, signals, clock);
  if (source) return Answer(**source, sql, options, signals);
  PrintError(source.error());
  return kExitUsage;
}

}  // namespace

int RunSqlCommand(const SqlOptions& options, PodLogging logging, SignalWatcher& signals,
                  const Clock& clock) {
  const auto sql = ReadSql(options);
  if (!sql) {
    PrintError(sql.error());
    return kExitUsage;
  }
  if (!options.endpoint.empty()) return AnswerRemotely(*sql, options, signals, clock);
  auto pod = options.from.empty() ? LoadPod(options.spicepod_path, logging) : MakePod(options);
  if (!pod) {
    Error error = pod.error();
    if (error.code == ErrorCode::kNotFound && !options.spicepod_given) {
      error.message += "; run sumac init to write one, or use --from dynamodb:TABLE";
    }
    PrintError(error);
    return kExitUsage;
  }
  datasets::RuntimeOptions runtime_options;
  runtime_options.environment = ProcessEnvironment();
  runtime_options.database.memory_limit = pod->runtime.query.memory_limit;
  runtime_options.database.temporary_directory = pod->runtime.query.temp_directory;
  auto runtime = datasets::Runtime::Create(*std::move(pod), std::move(runtime_options));
  if (!runtime) {
    PrintError(runtime.error());
    return kExitUsage;
  }
  if (const auto loaded = LoadDatasets(**runtime, options, signals, clock); !loaded) {
    PrintError(loaded.error());
    return kExitQueryFailed;
  }
  const auto source = MakeLocalQueries((*runtime)->Connect(), signals, clock);
  return Answer(*source, *sql, options, signals);
}

}  // namespace sumac::cli
