#include "cli/line_editor.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>

#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/printable_text.h"

namespace sumac::cli {
namespace {

constexpr int kHistoryMax = 1'000;
constexpr size_t kListedBytes = 500;

std::string HistoryPath() {
  if (const char* file = std::getenv("SUMAC_HISTORY")) return file;
  if (const char* home = std::getenv("HOME")) return std::string(home) + "/.sumac_history";
  return "";
}

size_t CharactersOf(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

// Case does not count: SQL compares names so.
std::string CommonStart(const std::vector<std::string>& texts) {
  std::string common = texts.front();
  for (const auto& text : texts) {
    size_t same = 0;
    while (same < common.size() && same < text.size() &&
           std::tolower(static_cast<unsigned char>(common[same])) ==
               std::tolower(static_cast<unsigned char>(text[same]))) {
      ++same;
    }
    common.resize(same);
  }
  while (!common.empty() && (static_cast<unsigned char>(common.back()) & 0x80) != 0 &&
         texts.size() > 1) {
    common.pop_back();
  }
  return common;
}

// In columns, as wide as the terminal; of very many the first.
std::string Listed(const std::vector<std::string>& candidates) {
  constexpr size_t kListedMax = 100;
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const size_t width = known ? size.ws_col : 80;
  size_t widest = 0;
  for (const auto& one : candidates) widest = std::max(widest, CharactersOf(one));
  const size_t per_line = std::max<size_t>(1, width / (widest + 2));
  const size_t count = std::min(candidates.size(), kListedMax);
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const auto& one = candidates[i];
    const bool last = (i + 1) % per_line == 0 || i + 1 == count;
    text += PrintableText(one, kListedBytes) +
            (last ? "\n" : std::string(widest + 2 - CharactersOf(one), ' '));
  }
  if (count < candidates.size()) {
    text += "and " + std::to_string(candidates.size() - count) + " more\n";
  }
  return text;
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
    el_set(editor, EL_ADDFN, "sumac-complete", "Complete a name", &Complete);
    el_set(editor, EL_BIND, "^I", "sumac-complete", nullptr);
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

  // One candidate takes the place of what was typed; of several, what they have in common does, and
  // when that is nothing more, they are listed.
  static unsigned char Complete(EditLine* editor, int) {
    Terminal& terminal = Of(editor);
    if (!terminal.completer) return CC_ERROR;
    const LineInfo* line = el_line(editor);
    const std::string before(line->buffer, line->cursor);
    const std::string after(line->cursor, line->lastchar);
    const auto completion = terminal.completer(before, after);
    if (terminal.listen) terminal.listen();
    if (completion.candidates.empty()) return CC_ERROR;
    const std::string typed = before.substr(before.size() - completion.replaced);
    const std::string common = CommonStart(completion.candidates);
    if (common.size() > typed.size() || completion.candidates.size() == 1) {
      if (common == typed) return CC_REFRESH;
      el_deletestr(editor, static_cast<int>(CharactersOf(typed)));
      el_insertstr(editor, common.c_str());
      return CC_REFRESH;
    }
    std::fputs(("\n" + Listed(completion.candidates)).c_str(), stdout);
    std::fflush(stdout);
    return CC_REDISPLAY;
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
  Completer completer;
  std::function<void()> listen;  // for signals, while a line is read
  bool interrupted = false;
};

LineEditor::LineEditor(SignalWatcher& signals)
    : terminal_(std::make_unique<Terminal>()), signals_(signals) {}

LineEditor::~LineEditor() = default;

void LineEditor::SetCompleter(Completer completer) {
  terminal_->completer = std::move(completer);
}

Line LineEditor::Read(const std::string& prompt) {
  if (terminal_->editor == nullptr) return {LineKind::kEnd, ""};
  terminal_->prompt = prompt;
  terminal_->interrupted = false;
  el_resize(terminal_->editor);
  terminal_->listen = [this] { signals_.OnSignal([this] { terminal_->Wake(); }); };
  terminal_->listen();
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
