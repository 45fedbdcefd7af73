#include "cli/line_editor.h"

#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>

#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sumac::cli {
namespace {

constexpr int kHistoryMax = 1'000;

std::string HistoryPath() {
  if (const char* file = std::getenv("SUMAC_HISTORY")) return file;
  if (const char* home = std::getenv("HOME")) return std::string(home) + "/.sumac_history";
  return "";
}

}  // namespace

// What libedit's callbacks reach through EL_CLIENTDATA.
struct LineEditor::Terminal {
  Terminal() : history_path(HistoryPath()) {
    // Without a locale libedit drops what is not ASCII.
    std::setlocale(LC_ALL, "");
    std::setlocale(LC_NUMERIC, "C");
    if (pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) wake = {-1, -1};
    history = history_init();
    history_call(H_SETSIZE, kHistoryMax);
    history_call(H_SETUNIQUE, 1);
    if (!history_path.empty()) history_call(H_LOAD, history_path.c_str());
    editor = el_init("sumac", stdin, stdout, stderr);
    if (editor == nullptr) return;
    el_set(editor, EL_CLIENTDATA, this);
    el_set(editor, EL_PROMPT, &ShowPrompt);
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_HIST, ::history, history);
    el_set(editor, EL_GETCFN, &ReadCharacter);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_source(editor, nullptr);  // the user's ~/.editrc
  }

  ~Terminal() {
    if (editor != nullptr) el_end(editor);
    history_end(history);
    for (const int end : wake) {
      if (end >= 0) close(end);
    }
  }

  template <typename Argument>
  int history_call(int operation, Argument argument) {
    HistEvent event;
    return ::history(history, &event, operation, argument);
  }

  void Wake() {
    const char byte = 1;
    [[maybe_unused]] const auto written = write(wake[1], &byte, 1);
  }

  static Terminal& Of(EditLine* editor) {
    void* data = nullptr;
    el_get(editor, EL_CLIENTDATA, &data);
    return *static_cast<Terminal*>(data);
  }

  static char* ShowPrompt(EditLine* editor) { return Of(editor).prompt.data(); }

  // libedit's own reader restarts after a signal; this one waits for a key or for Wake(), and
  // reports the latter as an error, which ends el_gets.
  static int ReadCharacter(EditLine* editor, wchar_t* character) {
    Terminal& terminal = Of(editor);
    std::mbstate_t state{};
    while (true) {
      std::array<pollfd, 2> inputs = {pollfd{STDIN_FILENO, POLLIN, 0},
                                      pollfd{terminal.wake[0], POLLIN, 0}};
      if (poll(inputs.data(), inputs.size(), -1) < 0) {
        if (errno == EINTR) continue;
        return -1;
      }
      char byte = 0;
      if (inputs[1].revents != 0) {
        while (read(terminal.wake[0], &byte, 1) == 1) {
        }
        terminal.interrupted = true;
        errno = EINTR;
        return -1;
      }
      const auto count = read(STDIN_FILENO, &byte, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return static_cast<int>(count);
      const size_t length = std::mbrtowc(character, &byte, 1, &state);
      if (length == static_cast<size_t>(-2)) continue;  // more bytes of this character follow
      if (length == static_cast<size_t>(-1)) *character = L'?';
      return 1;
    }
  }

  void Save() {
    if (history_path.empty()) return;
    const mode_t before = umask(0077);
    history_call(H_SAVE, history_path.c_str());
    umask(before);
  }

  const std::string history_path;
  std::array<int, 2> wake = {-1, -1};
  History* history = nullptr;
  EditLine* editor = nullptr;
  std::string prompt;
  bool interrupted = false;
};

LineEditor::LineEditor(SignalWatcher& signals)
    : terminal_(std::make_unique<Terminal>()), signals_(signals) {}

LineEditor::~LineEditor() = default;

Line LineEditor::Read(const std::string& prompt) {
  if (terminal_->editor == nullptr) return {LineKind::kEnd, ""};
  terminal_->prompt = prompt;
  terminal_->interrupted = false;
  el_resize(terminal_->editor);
  signals_.OnSignal([this] { terminal_->Wake(); });
  int length = 0;
  const char* text = signals_.TerminationAsked() ? nullptr : el_gets(terminal_->editor, &length);
  signals_.OnSignal({});
  if (text != nullptr && length > 0) {
    std::string line(text, static_cast<size_t>(length));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return {LineKind::kText, std::move(line)};
  }
  if (terminal_->interrupted && !signals_.TerminationAsked()) {
    el_reset(terminal_->editor);
    std::fputs("^C\n", stdout);
    return {LineKind::kInterrupted, ""};
  }
  return {LineKind::kEnd, ""};
}

void LineEditor::Remember(const std::string& statement) {
  terminal_->history_call(H_ENTER, statement.c_str());
  terminal_->Save();
}

void LineEditor::ForgetAll() {
  HistEvent event;
  ::history(terminal_->history, &event, H_CLEAR);
  terminal_->Save();
}

}  // namespace sumac::cli
