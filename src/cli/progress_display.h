// Shows on stderr how far the query that runs is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.h"
#include "cli/progress_line.h"
#include "engine/session.h"

namespace sumac::cli {

enum class ProgressMode {
  kNone,
  kLine,  // one line that is drawn over, for a terminal
  kLog,   // a line every few seconds that stays, for a log
};

// What --progress (true), --no-progress (false) or neither makes of a stderr that is a terminal
// which can be drawn on, or is not.
ProgressMode ChooseProgressMode(std::optional<bool> asked, bool can_draw);

// Where progress is written: stderr, or what a test has for it.
class ProgressScreen {
 public:
  virtual ~ProgressScreen() = default;
  virtual size_t Columns() const = 0;
  virtual void Write(const std::string& bytes) = 0;
};

// Whether stderr is a terminal that knows how to erase.
bool StderrCanDraw();
ProgressScreen& StderrScreen();

// Of one query. Thread-safe: one thread runs the query and ends the display, another draws.
class ProgressDisplay {
 public:
  // `session` is the one that runs it; all outlive this.
  ProgressDisplay(const engine::Session& session, ProgressMode mode, const Clock& clock,
                  ProgressScreen& screen);
  // Takes the line away.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  // Draws, if it is time to; call it a few times a second.
  void Tick();
  // Takes the line away for good.
  void End();

 private:
  const engine::Session& session_;
  const ProgressMode mode_;
  const Clock& clock_;
  ProgressScreen& screen_;
  std::mutex mutex_;
  // All below is guarded.
  MonotonicTime next_;
  ProgressLine line_;
  bool drawn_ = false;
  bool ended_ = false;
};

// Calls a function again and again on a thread of its own, for as long as it lives.
class Ticker {
 public:
  Ticker(std::chrono::milliseconds interval, std::function<void()> tick);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace sumac::cli
