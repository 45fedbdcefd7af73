#include "cli/terminal_input.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace sumac::cli {
namespace {

// Bracketed paste.
constexpr char kMarkPastes[] = "\x1b[?2004h";
constexpr char kMarkNoPastes[] = "\x1b[?2004l";

constexpr char kWake = 'w';
constexpr char kResized = 'r';

std::mutex raw_mutex;
std::optional<termios> before_raw;

std::atomic<int> resize_pipe = -1;

void TellOfResize(int) {
  const int before = errno;
  [[maybe_unused]] const auto written = write(resize_pipe, &kResized, 1);
  errno = before;
}

}  // namespace

ScreenSize SizeOfScreen() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {size.ws_col, size.ws_row == 0 ? ScreenSize().rows : size.ws_row};
}

bool StdoutCanDraw() {
  const char* term = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && term != nullptr && *term != '\0' &&
         std::string(term) != "dumb";
}

void WriteToTerminal(const std::string& bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  std::fflush(stdout);
}

RawMode::RawMode() {
  std::lock_guard lock(raw_mutex);
  termios before{};
  if (before_raw || tcgetattr(STDIN_FILENO, &before) != 0) return;
  termios raw = before;
  // Ctrl-C is a key here: as a signal it would overtake what was typed before it.
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN | ISIG);
  raw.c_iflag &= ~static_cast<tcflag_t>(IXON | ISTRIP | ICRNL | INLCR | IGNCR);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  // What was typed while a query ran stays.
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) != 0) return;
  before_raw = before;
  WriteToTerminal(kMarkPastes);
}

RawMode::~RawMode() {
  RestoreTerminal();
}

void RestoreTerminal() {
  std::lock_guard lock(raw_mutex);
  if (!before_raw) return;
  WriteToTerminal(kMarkNoPastes);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &*before_raw);
  before_raw.reset();
}

TerminalInput::TerminalInput() {
  if (pipe2(wake_.data(), O_CLOEXEC | O_NONBLOCK) != 0) wake_ = {-1, -1};
  resize_pipe = wake_[1];
  struct sigaction action {};
  action.sa_handler = TellOfResize;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGWINCH, &action, nullptr);
}

TerminalInput::~TerminalInput() {
  signal(SIGWINCH, SIG_DFL);
  resize_pipe = -1;
  for (const int end : wake_) {
    if (end >= 0) close(end);
  }
}

void TerminalInput::Wake() {
  [[maybe_unused]] const auto written = write(wake_[1], &kWake, 1);
}

TerminalInput::Event TerminalInput::Next(char& byte, int timeout_ms) {
  while (true) {
    std::array<pollfd, 2> inputs = {pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{wake_[0], POLLIN, 0}};
    const int ready = poll(inputs.data(), inputs.size(), timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return Event::kEnd;
    if (ready == 0) return Event::kTimeout;
    if (inputs[1].revents != 0) {
      bool woken = false;
      while (read(wake_[0], &byte, 1) == 1) woken = woken || byte == kWake;
      return woken ? Event::kWoken : Event::kResized;
    }
    const auto count = read(STDIN_FILENO, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    return count == 1 ? Event::kByte : Event::kEnd;
  }
}

bool TerminalInput::HasByte() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return poll(&input, 1, 0) == 1;
}

}  // namespace sumac::cli
