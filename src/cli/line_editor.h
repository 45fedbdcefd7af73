// Reads lines that are typed, with editing keys and the history of earlier ones (libedit).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/signal_watcher.h"
#include "cli/sql_completion.h"

namespace sumac::cli {

enum class LineKind { kText, kInterrupted, kEnd };

struct Line {
  LineKind kind = LineKind::kText;
  std::string text;  // UTF-8, without the newline
};

// What Tab is to do with the line up to the cursor, and the rest of it.
using Completer = std::function<SqlCompletion(std::string_view before, std::string_view after)>;

// One at a time: the terminal is one. Used by one thread.
class LineEditor {
 public:
  // History is kept in the file SUMAC_HISTORY, else in ~/.sumac_history, readable by the user
  // alone: statements may hold what nobody else should read.
  explicit LineEditor(SignalWatcher& signals);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // Called by Read when Tab is pressed; it may use the signals.
  void SetCompleter(Completer completer);

  // Waits for a line. Ctrl-C forgets what was typed (kInterrupted); Ctrl-D on an empty line, the
  // end of the input and SIGTERM are kEnd. Takes the signals for itself until it returns.
  Line Read(const std::string& prompt);

  // Remembers a statement, which may have several lines, at once and on disk.
  void Remember(const std::string& statement);
  void ForgetAll();

 private:
  struct Terminal;
  const std::unique_ptr<Terminal> terminal_;
  SignalWatcher& signals_;
};

}  // namespace sumac::cli
