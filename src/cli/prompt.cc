#include "cli/prompt.h"

#include <chrono>
#include <optional>
#include <vector>

#include "base/printable_text.h"
#include "cli/answer_view.h"
#include "cli/exit_code.h"
#include "cli/line_editor.h"
#include "cli/prompt_command.h"
#include "cli/query_runner.h"
#include "cli/sql_completion.h"
#include "cli/statement_splitter.h"

namespace sumac::cli {
namespace {

constexpr char kPrompt[] = "sql> ";
constexpr char kContinuation[] = "  -> ";
constexpr size_t kShownLine = 200;
// Nobody waits longer for Tab.
constexpr std::chrono::seconds kLookUpTimeout{2};
constexpr char kHelp[] =
    "Statements end with ';' and may take several lines; Tab completes names.\n"
    "\n"
    "  \\d, \\dt          list the datasets and views\n"
    "  \\d TABLE         list a table's columns\n"
    "  .mode MODE       print rows as table, line, csv, json or jsonl\n"
    "  \\x               print a line for each value, or a table again\n"
    "  \\timing          print how long answers took, or no longer\n"
    "  .error           show the whole of the last error\n"
    "  .clear           clear the screen\n"
    "  .clear history   forget what was typed\n"
    "  help, \\?         show this\n"
    "  \\q               leave; so do .exit, exit, quit, q and Ctrl-D\n"
    "\n"
    "Ctrl-C cancels the query that runs, or the statement that is being typed.\n";

class Prompt {
 public:
  Prompt(QuerySource& source, const QuerySettings& settings, SignalWatcher& signals)
      : source_(source), settings_(settings), view_(settings.format), editor_(signals) {
    editor_.SetCompleter([this](std::string_view before, std::string_view after) {
      return Complete(before, after);
    });
  }

  int Run() {
    std::fputs(
        "Welcome to the Sumac SQL prompt! Type 'help' for help.\n\n"
        "show tables; -- list available tables\n",
        stdout);
    while (true) {
      const Line line = editor_.Read(pending_.empty() ? kPrompt : kContinuation);
      if (line.kind == LineKind::kEnd) {
        std::fputs("\n", stdout);
        return kExitAnswer;
      }
      if (line.kind == LineKind::kInterrupted) {
        Forget();
        continue;
      }
      if (pending_.empty() && RunCommand(line.text)) {
        if (leave_) return kExitAnswer;
        continue;
      }
      Take(line.text);
    }
  }

 private:
  using Kind = PromptCommand::Kind;

  // Lines that are no SQL. Returns whether it was one.
  bool RunCommand(const std::string& line) {
    const auto command = ReadPromptCommand(line);
    switch (command.kind) {
      case Kind::kSql:
        return false;
      case Kind::kNothing:
        return true;
      case Kind::kLeave:
        leave_ = true;
        return true;
      case Kind::kHelp:
        Say(kHelp);
        return true;
      case Kind::kLastError:
        Say(last_error_.empty() ? "There was no error.\n" : last_error_ + "\n");
        return true;
      case Kind::kClear:
        Say("\x1b[2J\x1b[H");
        return true;
      case Kind::kForgetHistory:
        editor_.ForgetAll();
        return true;
      case Kind::kUnknown:
        PrintError(UserError(ErrorCode::kInvalidArgument,
                             "there is no command '" + PrintableText(command.argument, kShownLine) +
                                 "'; type 'help' for those there are"));
        return true;
      default:
        editor_.Remember(line);
        RunViewCommand(command);
        return true;
    }
  }

  // What shows tables, or is about how rows are shown.
  void RunViewCommand(const PromptCommand& command) {
    switch (command.kind) {
      case Kind::kTables:
        Answer(TablesStatement());
        return;
      case Kind::kDescribe:
        Answer(DescribeStatement(command.argument));
        return;
      case Kind::kTiming:
        timing_ = !timing_;
        Say(timing_ ? "Timing is on.\n" : "Timing is off.\n");
        return;
      case Kind::kExpanded:
        SetMode(view_.name() == "line" ? "table" : "line");
        return;
      default:
        if (!command.argument.empty()) return SetMode(command.argument);
        Say("Rows are printed as " + view_.name() + ".\n");
    }
  }

  void SetMode(const std::string& name) {
    if (auto view = AnswerView::Named(name)) {
      view_ = *view;
      Say("Rows are printed as " + view_.name() + ".\n");
      return;
    }
    PrintError(UserError(ErrorCode::kInvalidArgument,
                         ".mode takes table, line, csv, json or jsonl, not '" +
                             PrintableText(name, kShownLine) + "'"));
  }

  static void Say(const std::string& text) { std::fputs(text.c_str(), stdout); }

  // Adds a line to what was typed and runs the statements that it completes.
  void Take(const std::string& line) {
    typed_ += (pending_.empty() ? "" : "\n") + line;
    pending_ += (pending_.empty() ? "" : "\n") + line;
    const SplitSql split = SplitStatements(pending_);
    const bool complete = split.rest.empty() && split.rest_complete;
    if (complete && !split.statements.empty()) editor_.Remember(typed_);
    pending_ = complete ? "" : split.rest;
    if (complete) typed_.clear();
    for (const auto& statement : split.statements) {
      if (!Answer(statement)) {
        if (!typed_.empty()) editor_.Remember(typed_);
        Forget();
        return;
      }
    }
  }

  void Forget() {
    pending_.clear();
    typed_.clear();
  }

  bool Answer(const std::string& statement) {
    // What it has done may have changed what there is.
    known_tables_.reset();
    const auto outcome = view_.Run(source_, statement, settings_);
    if (!outcome) {
      last_error_ = outcome.error().message;
      PrintError(outcome.error());
      return false;
    }
    Say(timing_ ? "\n" + ResultFooter(*outcome) + "\n\n" : "\n");
    return true;
  }

  SqlCompletion Complete(std::string_view before, std::string_view after) {
    if (!known_tables_) {
      QuerySettings settings;
      settings.format = engine::ResultFormat::kCsv;
      settings.timeout = kLookUpTimeout;
      const auto csv = Collect(source_, KnownTablesStatement(), settings);
      known_tables_ = csv ? ReadKnownTables(csv->text) : std::vector<KnownTable>();
    }
    const std::string statement = pending_.empty() ? "" : pending_ + "\n";
    return CompleteSql(statement + std::string(before), after, *known_tables_);
  }

  QuerySource& source_;
  const QuerySettings settings_;
  AnswerView view_;
  bool timing_ = true;
  // For Tab; absent when it has to be asked for.
  std::optional<std::vector<KnownTable>> known_tables_;
  LineEditor editor_;
  std::string typed_;    // since the last time that nothing was pending
  std::string pending_;  // of that, what has not run
  std::string last_error_;
  bool leave_ = false;
};

}  // namespace

int RunPrompt(QuerySource& source, const QuerySettings& settings, SignalWatcher& signals) {
  return Prompt(source, settings, signals).Run();
}

}  // namespace sumac::cli
