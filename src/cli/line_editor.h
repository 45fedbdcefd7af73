// Reads statements that are typed on a terminal, over several lines, with the editing keys of
// Emacs, colors, completion and the history of earlier ones. docs/decisions/006-line-editor.md has
// why it is our own.
#pragma once

#include <memory>
#include <string>

#include "cli/edit_session.h"
#include "cli/signal_watcher.h"

namespace sumac::cli {

enum class LineKind { kText, kInterrupted, kEnd };

struct Line {
  LineKind kind = LineKind::kText;
  std::string text;  // UTF-8, without the newline at its end
};

// One at a time: the terminal is one. Used by one thread. Where the terminal cannot be drawn on
// (TERM=dumb), lines are read as the terminal gives them.
class LineEditor {
 public:
  // History is kept in the file SUMAC_HISTORY, else in ~/.sumac_history. From now on SIGHUP leaves
  // the terminal as it was before it ends the process.
  LineEditor(EditOptions options, SignalWatcher& signals);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // Waits for a text. Ctrl-C forgets what was typed (kInterrupted); Ctrl-D where nothing is, the
  // end of the input and SIGTERM are kEnd. Takes the signals for itself until it returns, but for
  // what completes, which may use them.
  Line Read();

  // Remembers a text, which may have several lines, at once and on disk.
  void Remember(const std::string& text);
  void ForgetAll();

 private:
  struct Terminal;

  void Listen();
  Line ReadDrawn();
  Line ReadPlain();

  const EditOptions options_;
  SignalWatcher& signals_;
  const std::unique_ptr<Terminal> terminal_;
};

}  // namespace sumac::cli
