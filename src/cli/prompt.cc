#include "cli/prompt.h"

#include <algorithm>
#include <memory>

#include "cli/exit_code.h"
#include "cli/line_editor.h"
#include "cli/query_runner.h"
#include "cli/statement_splitter.h"

namespace sumac::cli {
namespace {

constexpr char kPrompt[] = "sql> ";
constexpr char kContinuation[] = "  -> ";
constexpr char kHelp[] =
    "Statements end with ';' and may take several lines.\n"
    "\n"
    "  show tables;     list the tables\n"
    "  describe TABLE;  list a table's columns\n"
    "  .error           show the whole of the last error\n"
    "  .clear           clear the screen\n"
    "  .clear history   forget what was typed\n"
    "  help             show this\n"
    "  .exit            leave; so do exit, quit, q and Ctrl-D\n"
    "\n"
    "Ctrl-C cancels the query that runs, or the statement that is being typed.\n";

class Prompt {
 public:
  Prompt(QuerySource& source, const QuerySettings& settings, SignalWatcher& signals)
      : source_(source), settings_(settings), editor_(signals) {}

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
      if (pending_.empty() && RunWord(line.text)) {
        if (leave_) return kExitAnswer;
        continue;
      }
      Take(line.text);
    }
  }

 private:
  static std::string Trimmed(std::string text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
  }

  // Words that are no SQL. Returns whether the line was one.
  bool RunWord(const std::string& line) {
    std::string word = Trimmed(line);
    if (word.ends_with(';') && word.find(' ') == std::string::npos) word.pop_back();
    if (word.empty()) return true;
    if (word == ".exit" || word == "exit" || word == "quit" || word == "q") {
      leave_ = true;
    } else if (word == "help" || word == ".help") {
      std::fputs(kHelp, stdout);
    } else if (word == ".error") {
      std::fputs((last_error_.empty() ? "There was no error.\n" : last_error_ + "\n").c_str(),
                 stdout);
    } else if (word == ".clear") {
      std::fputs("\x1b[2J\x1b[H", stdout);
    } else if (word == ".clear history") {
      editor_.ForgetAll();
    } else if (word.starts_with('.')) {
      PrintError(UserError(ErrorCode::kInvalidArgument,
                           "there is no command '" + word + "'; type 'help' for those there are"));
    } else {
      return false;
    }
    return true;
  }

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
    const auto outcome = source_.Run(statement, settings_, stdout);
    if (!outcome) {
      last_error_ = outcome.error().message;
      PrintError(outcome.error());
      return false;
    }
    std::fputs(("\n" + ResultFooter(*outcome) + "\n\n").c_str(), stdout);
    return true;
  }

  QuerySource& source_;
  const QuerySettings settings_;
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
