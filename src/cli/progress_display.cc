#include "cli/progress_display.h"

#include <cstdio>
#include <cstdlib>
#include <limits>

#include <sys/ioctl.h>
#include <unistd.h>

namespace sumac::cli {
namespace {

using std::chrono::milliseconds;

// Most queries are done before.
constexpr milliseconds kFirstLineAfter{1'000};
constexpr milliseconds kLogInterval{5'000};

constexpr size_t kColumnsUnknown = 80;

// The cursor waits at the line's beginning. When the terminal gets narrower and breaks the line in
// two, it is still there, and erasing to the end of the screen takes both; log lines and the ^C of
// the keyboard begin there too.
constexpr char kToBegin[] = "\r";
constexpr char kEraseRest[] = "\x1b[J";

class Stderr final : public ProgressScreen {
 public:
  size_t Columns() const override {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kColumnsUnknown;
    return size.ws_col;
  }
  void Write(const std::string& bytes) override {
    std::fwrite(bytes.data(), 1, bytes.size(), stderr);
    std::fflush(stderr);
  }
};

}  // namespace

ProgressMode ChooseProgressMode(std::optional<bool> asked, bool can_draw) {
  if (asked) return *asked ? ProgressMode::kLog : ProgressMode::kNone;
  return can_draw ? ProgressMode::kLine : ProgressMode::kNone;
}

bool StderrCanDraw() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && term != nullptr && *term != '\0' &&
         std::string(term) != "dumb";
}

ProgressScreen& StderrScreen() {
  static Stderr screen;
  return screen;
}

ProgressDisplay::ProgressDisplay(const engine::Session& session, ProgressMode mode,
                                 const Clock& clock, ProgressScreen& screen)
    : session_(session),
      mode_(mode),
      clock_(clock),
      screen_(screen),
      next_(clock.MonotonicNow() + (mode == ProgressMode::kLog ? kLogInterval : kFirstLineAfter)),
      line_(clock.MonotonicNow()) {}

ProgressDisplay::~ProgressDisplay() {
  End();
}

void ProgressDisplay::Tick() {
  std::lock_guard lock(mutex_);
  if (ended_ || mode_ == ProgressMode::kNone) return;
  const auto now = clock_.MonotonicNow();
  const bool log = mode_ == ProgressMode::kLog;
  // The last column stays free: a line that fills it may be followed by an empty one.
  const size_t columns =
      log ? std::numeric_limits<size_t>::max() : std::max<size_t>(screen_.Columns(), 2) - 1;
  // Asked every time, so that the rates are of the last seconds when the first line is due.
  const auto text = line_.Text(session_.Progress(), now, columns);
  if (now < next_) return;
  if (log) {
    next_ = now + kLogInterval;
    screen_.Write("progress: " + text + "\n");
    return;
  }
  screen_.Write(kToBegin + text + kEraseRest + kToBegin);
  drawn_ = true;
}

void ProgressDisplay::End() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  if (drawn_) screen_.Write(std::string(kToBegin) + kEraseRest);
  drawn_ = false;
}

Ticker::Ticker(milliseconds interval, std::function<void()> tick)
    : thread_([this, interval, tick = std::move(tick)] {
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, interval, [this] { return stop_; })) {
          lock.unlock();
          tick();
          lock.lock();
        }
      }) {}

Ticker::~Ticker() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

}  // namespace sumac::cli
