#include "cli/prompt.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <vector>

#include "base/printable_text.h"
#include "cli/answer_view.h"
#include "cli/exit_code.h"
#include "cli/line_editor.h"
#include "cli/prompt_command.h"
#include "cli/query_runner.h"
#include "cli/sql_colors.h"
#include "cli/sql_completion.h"
#include "cli/typed_text.h"

namespace sumac::cli {
namespace {

constexpr char kPrompt[] = "sql> ";
constexpr char kContinuation[] = "  -> ";
constexpr size_t kShownLine = 200;
// Nobody waits longer for Tab.
constexpr std::chrono::seconds kLookUpTimeout{2};
constexpr char kHelp[] =
    "Statements end with ';' and may take several lines. Tab completes names, Ctrl-R searches\n"
    "what was typed before, Alt-Enter begins another line.\n"
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
      : source_(source), settings_(settings), view_(settings.format), editor_(Options(), signals) {}

  int Run() {
    std::fputs(
        "Welcome to the Sumac SQL prompt! Type 'help' for help.\n\n"
        "show tables; -- list available tables\n",
        stdout);
    while (!leave_) {
      const Line line = editor_.Read();
      if (line.kind == LineKind::kEnd) break;
      if (line.kind == LineKind::kText) Take(line.text);
    }
    return kExitAnswer;
  }

 private:
  using Kind = PromptCommand::Kind;

  EditOptions Options() {
    EditOptions options;
    options.prompt = kPrompt;
    options.continuation = kContinuation;
    options.is_complete = [](const std::string& text) { return ReadTypedText(text).complete; };
    options.complete = [this](std::string_view before, std::string_view after) {
      return Complete(before, after);
    };
    if (std::getenv("NO_COLOR") == nullptr) options.color = ColorsOfSql;
    return options;
  }

  // Does what a text asks for, up to the first statement that fails.
  void Take(const std::string& text) {
    const TypedText typed = ReadTypedText(text);
    const bool worth_keeping =
        std::any_of(typed.steps.begin(), typed.steps.end(),
                    [](const TypedStep& step) { return IsRemembered(step.command.kind); });
    if (worth_keeping) editor_.Remember(text.substr(0, text.find_last_not_of(" \t\n") + 1));
    for (const auto& [command, statement] : typed.steps) {
      if (leave_) return;
      if (command.kind != Kind::kSql) {
        RunCommand(command);
      } else if (!Answer(statement)) {
        return;
      }
    }
  }

  static bool IsRemembered(Kind kind) {
    switch (kind) {
      case Kind::kNothing:
      case Kind::kLeave:
      case Kind::kHelp:
      case Kind::kLastError:
      case Kind::kClear:
      case Kind::kForgetHistory:
      case Kind::kUnknown:
        return false;
      default:
        return true;
    }
  }

  void RunCommand(const PromptCommand& command) {
    switch (command.kind) {
      case Kind::kLeave:
        leave_ = true;
        return;
      case Kind::kHelp:
        return Say(kHelp);
      case Kind::kLastError:
        return Say(last_error_.empty() ? "There was no error.\n" : last_error_ + "\n");
      case Kind::kClear:
        return Say("\x1b[2J\x1b[H");
      case Kind::kForgetHistory:
        return editor_.ForgetAll();
      case Kind::kUnknown:
        return PrintError(
            UserError(ErrorCode::kInvalidArgument, "there is no command '" +
                                                       PrintableText(command.argument, kShownLine) +
                                                       "'; type 'help' for those there are"));
      default:
        return RunViewCommand(command);
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
    return CompleteSql(before, after, *known_tables_);
  }

  QuerySource& source_;
  const QuerySettings settings_;
  AnswerView view_;
  bool timing_ = true;
  // For Tab; absent when it has to be asked for.
  std::optional<std::vector<KnownTable>> known_tables_;
  LineEditor editor_;
  std::string last_error_;
  bool leave_ = false;
};

}  // namespace

int RunPrompt(QuerySource& source, const QuerySettings& settings, SignalWatcher& signals) {
  return Prompt(source, settings, signals).Run();
}

}  // namespace sumac::cli
