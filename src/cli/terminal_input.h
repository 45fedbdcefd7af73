// The terminal that somebody types on: how large it is, its bytes one by one, and waking who waits
// for them. It is one for the whole process.
#pragma once

#include <array>
#include <string>

#include "cli/line_view.h"

namespace sumac::cli {

// Of stdout; what is usual where it has none.
ScreenSize SizeOfScreen();

// Whether stdout is a terminal that knows how to move the cursor.
bool StdoutCanDraw();

// At once.
void WriteToTerminal(const std::string& bytes);

// Keys one by one, unseen, and pasted text marked as such; the terminal as it was when this goes.
// One at a time.
class RawMode {
 public:
  RawMode();
  ~RawMode();
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;
};

// Ends raw mode, if it is on. Any thread.
void RestoreTerminal();

// Used by one thread, but for Wake.
class TerminalInput {
 public:
  TerminalInput();
  ~TerminalInput();
  TerminalInput(const TerminalInput&) = delete;
  TerminalInput& operator=(const TerminalInput&) = delete;

  // Ends the waiting of Next, this one or the next. Any thread.
  void Wake();

  enum class Event { kByte, kTimeout, kWoken, kResized, kEnd };

  // Waits for a byte of stdin; a negative timeout waits without end.
  Event Next(char& byte, int timeout_ms);

  // Whether a byte is there already.
  static bool HasByte();

 private:
  std::array<int, 2> wake_ = {-1, -1};
};

}  // namespace sumac::cli
