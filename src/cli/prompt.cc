#include "cli/prompt.h"

#include <clocale>
#include <cstdlib>
#include <memory>
#include <optional>

#include <editline/readline.h>
#include <sys/stat.h>

#include "cli/exit_code.h"
#include "cli/query_runner.h"
#include "cli/statement_splitter.h"

namespace sumac::cli {
namespace {

constexpr int kHistoryMax = 1'000;
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

// Lines typed in earlier runs. Kept to the user alone: statements may hold what nobody else should
// read.
class History {
 public:
  History() {
    if (const char* file = std::getenv("SUMAC_HISTORY")) {
      path_ = file;
    } else if (const char* home = std::getenv("HOME")) {
      path_ = std::string(home) + "/.sumac_history";
    }
    using_history();
    stifle_history(kHistoryMax);
    if (!path_.empty()) read_history(path_.c_str());
  }

  void Add(const std::string& statement) {
    if (statement == last_) return;
    last_ = statement;
    add_history(statement.c_str());
    Save();
  }

  void Clear() {
    clear_history();
    Save();
  }

 private:
  void Save() {
    if (path_.empty()) return;
    const mode_t before = umask(0077);
    write_history(path_.c_str());
    umask(before);
  }

  std::string path_;
  std::string last_;
};

enum class LineKind { kText, kInterrupted, kEnd };

struct Line {
  LineKind kind = LineKind::kText;
  std::string text;
};

// Nothing with a destructor may live here: Ctrl-C leaves by siglongjmp.
char* ReadRaw(const char* prompt, bool* interrupted) {
  static sigjmp_buf jump;
  if (sigsetjmp(jump, 1) != 0) {
    *interrupted = true;
    return nullptr;
  }
  SignalWatcher::SetJump(&jump);
  char* text = readline(prompt);
  SignalWatcher::SetJump(nullptr);
  return text;
}

Line ReadLine(const char* prompt) {
  bool interrupted = false;
  const std::unique_ptr<char, decltype(&std::free)> text(ReadRaw(prompt, &interrupted), &std::free);
  if (interrupted) {
    // What was typed is still in the editor; forget it.
    rl_cleanup_after_signal();
    std::fputs("^C\n", stdout);
    return {LineKind::kInterrupted, ""};
  }
  if (!text) return {LineKind::kEnd, ""};
  return {LineKind::kText, text.get()};
}

class Prompt {
 public:
  Prompt(datasets::Runtime& runtime, engine::ResultFormat format, SignalWatcher& signals,
         const Clock& clock)
      : session_(runtime.Connect()), format_(format), signals_(signals), clock_(clock) {}

  int Run() {
    std::fputs(
        "Welcome to the Sumac SQL prompt! Type 'help' for help.\n\n"
        "show tables; -- list available tables\n",
        stdout);
    while (true) {
      const Line line = ReadLine(pending_.empty() ? kPrompt : kContinuation);
      if (line.kind == LineKind::kEnd) {
        std::fputs("\n", stdout);
        return kExitAnswer;
      }
      if (line.kind == LineKind::kInterrupted) {
        pending_.clear();
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
      history_.Clear();
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
    pending_ += (pending_.empty() ? "" : "\n") + line;
    const SplitSql split = SplitStatements(pending_);
    if (split.statements.empty()) {
      // Only comments so far: nothing to go on with.
      if (split.rest.empty() && split.rest_complete) pending_.clear();
      return;
    }
    history_.Add(pending_);
    pending_ = split.rest;
    for (const auto& statement : split.statements) {
      if (!Answer(statement)) {
        pending_.clear();
        return;
      }
    }
  }

  bool Answer(const std::string& statement) {
    const auto outcome = RunQuery(*session_, statement, format_, signals_, clock_, stdout);
    if (!outcome) {
      last_error_ = outcome.error().message;
      PrintError(outcome.error());
      return false;
    }
    std::fputs(("\n" + ResultFooter(*outcome) + "\n\n").c_str(), stdout);
    return true;
  }

  const std::unique_ptr<engine::Session> session_;
  const engine::ResultFormat format_;
  SignalWatcher& signals_;
  const Clock& clock_;
  History history_;
  std::string pending_;
  std::string last_error_;
  bool leave_ = false;
};

}  // namespace

int RunPrompt(datasets::Runtime& runtime, engine::ResultFormat format, SignalWatcher& signals,
              const Clock& clock) {
  // Without a locale the line editor drops what is not ASCII.
  std::setlocale(LC_ALL, "");
  std::setlocale(LC_NUMERIC, "C");
  return Prompt(runtime, format, signals, clock).Run();
}

}  // namespace sumac::cli
