#include "cli/query_runner.h"

#include <cstdlib>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/progress_text.h"

namespace sumac::cli {
namespace {

// Restores "signals do nothing" whichever way the query ends.
class InterruptScope {
 public:
  InterruptScope(SignalWatcher& signals, engine::Session& session) : signals_(signals) {
    signals_.OnSignal([&session] { session.Interrupt(); });
  }
  ~InterruptScope() { signals_.OnSignal({}); }
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  SignalWatcher& signals_;
};

// Whether rows that are written to `out` may appear where stderr is: on a terminal, or at the end
// of a pipe whose reader writes to one.
bool MayReachScreen(std::FILE* out) {
  if (isatty(fileno(out)) != 0) return true;
  struct stat status {};
  return fstat(fileno(out), &status) == 0 && S_ISFIFO(status.st_mode);
}

// Progress of one query, drawn while this lives.
class ShownProgress {
 public:
  ShownProgress(const engine::Session& session, ProgressMode mode, const Clock& clock,
                std::FILE* out)
      : display_(session, mode, clock, StderrScreen()),
        shares_screen_(mode == ProgressMode::kLine && MayReachScreen(out)) {
    if (mode != ProgressMode::kNone) ticker_.emplace(kInterval, [this] { display_.Tick(); });
  }

  // Rows on the same screen are progress enough, and a line between them is none.
  void BeforeRows() {
    if (shares_screen_) display_.End();
  }
  void End() { display_.End(); }

 private:
  static constexpr std::chrono::milliseconds kInterval{250};

  ProgressDisplay display_;
  const bool shares_screen_;
  std::optional<Ticker> ticker_;  // the first to go
};

// Writes and empties the buffer; false when nobody reads it.
bool Flush(std::string& buffer, std::FILE* out) {
  const bool written = std::fwrite(buffer.data(), 1, buffer.size(), out) == buffer.size();
  buffer.clear();
  return written && std::fflush(out) == 0;
}

void AddCost(const engine::QueryProgress& progress, QueryOutcome& outcome) {
  const auto total = engine::TotalOf(progress.read);
  outcome.requests = total.pages;
  outcome.read_units = total.consumed_read_units;
  outcome.dollars = progress.dollars;
}

// Also of a query that failed: what it has made by then.
class RequestsShownAtEnd {
 public:
  RequestsShownAtEnd(const engine::Session& session, bool shown)
      : session_(session), shown_(shown) {}
  ~RequestsShownAtEnd() {
    if (!shown_) return;
    const auto logged = session_.Requests();
    for (const auto& call : logged.calls) {
      std::fputs(("request: " + engine::CallText(call) + "\n").c_str(), stderr);
    }
    if (logged.requests_left_out > 0) {
      std::fputs(fmt::format("request: and {} more\n", logged.requests_left_out).c_str(), stderr);
    }
    if (logged.calls.empty()) std::fputs("request: none\n", stderr);
  }
  RequestsShownAtEnd(const RequestsShownAtEnd&) = delete;
  RequestsShownAtEnd& operator=(const RequestsShownAtEnd&) = delete;

 private:
  const engine::Session& session_;
  const bool shown_;
};

// " 2 requests, 128.5 RCU, $0.000016."; empty when nothing was read.
std::string CostOf(const QueryOutcome& outcome) {
  if (outcome.requests == 0 && outcome.read_units <= 0) return "";
  // A server says no more than this.
  if (outcome.requests == 0) return fmt::format(" {} RCU.", engine::UnitsText(outcome.read_units));
  std::string text = fmt::format(" {} {}, {} RCU", engine::ThousandsText(outcome.requests),
                                 outcome.requests == 1 ? "request" : "requests",
                                 engine::UnitsText(outcome.read_units));
  // Where reads cost nothing extra, no price is the clearest one.
  if (outcome.dollars.value_or(0) > 0) text += ", " + engine::DollarsText(*outcome.dollars);
  return text + ".";
}

}  // namespace

Result<QueryOutcome> RunQuery(engine::Session& session, const std::string& sql,
                              const QuerySettings& settings, SignalWatcher& signals,
                              const Clock& clock, std::FILE* out) {
  const auto started = clock.MonotonicNow();
  const InterruptScope interrupt(signals, session);
  const RequestsShownAtEnd requests(session, settings.explain_requests);
  ShownProgress progress(session, settings.progress, clock, out);
  std::optional<engine::QueryDeadline> deadline;
  if (settings.timeout) deadline = {started + *settings.timeout, *settings.timeout};
  SUMAC_ASSIGN_OR_RETURN(auto stream, session.Execute(sql, {}, deadline));
  engine::ResultWriterOptions options;
  // A person or a script at a command line wants to see which columns are NULL.
  options.keep_nulls = true;
  options.plans_as_text = true;
  std::string buffer;
  auto writer = engine::MakeResultWriter(settings.format, options, buffer);
  SUMAC_RETURN_IF_ERROR(writer->Begin(stream->Columns()));
  QueryOutcome outcome;
  while (true) {
    SUMAC_ASSIGN_OR_RETURN(auto chunk, stream->Next());
    if (!chunk) break;
    SUMAC_RETURN_IF_ERROR(writer->Write(*chunk));
    if (buffer.empty()) continue;
    progress.BeforeRows();
    if (!Flush(buffer, out)) {
      outcome.output_closed = true;
      return outcome;
    }
  }
  SUMAC_RETURN_IF_ERROR(writer->End());
  progress.End();
  if (settings.format == engine::ResultFormat::kJson) buffer += '\n';
  outcome.output_closed = !Flush(buffer, out);
  outcome.rows_total = writer->rows_total();
  outcome.rows_shown = writer->rows_shown();
  AddCost(session.Progress(), outcome);
  outcome.seconds = std::chrono::duration<double>(clock.MonotonicNow() - started).count();
  for (const auto& warning : stream->Warnings()) {
    std::fputs(fmt::format("warning: {}\n", warning).c_str(), stderr);
  }
  return outcome;
}

std::string ResultFooter(const QueryOutcome& outcome) {
  const std::string time = fmt::format("Time: {:.3f} seconds", outcome.seconds);
  const std::string end = (outcome.from_cache ? " (cached)." : ".") + CostOf(outcome);
  if (outcome.rows_total == 0) return "No results.\n" + time + end;
  if (outcome.rows_shown < outcome.rows_total) {
    return fmt::format("{}. {}/{} rows displayed{}", time, outcome.rows_shown, outcome.rows_total,
                       end);
  }
  return fmt::format("{}. {} {}{}", time, outcome.rows_total,
                     outcome.rows_total == 1 ? "row" : "rows", end);
}

void PrintError(const Error& error) {
  const bool color = isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  std::fputs(
      fmt::format("{}error:{} {}\n", color ? "\x1b[31m" : "", color ? "\x1b[0m" : "", error.message)
          .c_str(),
      stderr);
}

}  // namespace sumac::cli
