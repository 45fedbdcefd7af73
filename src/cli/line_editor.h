// Reads lines that are typed, with editing keys and the history of earlier ones (libedit).
#pragma once

#include <memory>
#include <string>

#include "cli/signal_watcher.h"

namespace sumac::cli {

enum class LineKind { kText, kInterrupted, kEnd };

struct Line {
  LineKind kind = LineKind::kText;
  std::string text;  // UTF-8, without the newline
};

// One at a time: the terminal is one. Used by one thread.
class LineEditor {
 public:
  // History is kept in the file SUMAC_HISTORY, else in ~/.sumac_history, readable by the user
  // alone: statements may hold what nobody else should read.
  explicit LineEditor(SignalWatcher& signals);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

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
