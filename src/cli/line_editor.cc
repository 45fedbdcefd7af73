#include "cli/line_editor.h"

#include <cstdlib>
#include <optional>

#include <signal.h>
#include <unistd.h>

#include "cli/completion_list.h"
#include "cli/key_decoder.h"
#include "cli/line_view.h"
#include "cli/statement_history.h"
#include "cli/terminal_input.h"

namespace sumac::cli {
namespace {

// A terminal sends the rest of a key's sequence at once.
constexpr int kEscapeWaitMs = 50;
constexpr char kEraseScreen[] = "\x1b[2J\x1b[H";

std::string HistoryPath() {
  if (const char* file = std::getenv("SUMAC_HISTORY")) return file;
  if (const char* home = std::getenv("HOME")) return std::string(home) + "/.sumac_history";
  return "";
}

void HangUp() {
  RestoreTerminal();
  signal(SIGHUP, SIG_DFL);
  kill(getpid(), SIGHUP);
}

}  // namespace

struct LineEditor::Terminal {
  // Draws only when no more keys are there: those that come as fast as a paste are one to look at.
  void Show(const EditSession& session) {
    if (!TerminalInput::HasByte()) WriteToTerminal(view.Draw(session.View(), SizeOfScreen()));
  }

  // As it stays on the screen.
  void Leave(EditSession& session, const std::string& after) {
    session.MoveToEnd();
    const std::string drawn = view.Draw(session.View(), SizeOfScreen());
    WriteToTerminal(drawn + after + view.Leave());
  }

  // Stops the process group, as the terminal itself would for Ctrl-Z.
  void Suspend(std::optional<RawMode>& raw) {
    WriteToTerminal(view.Leave());
    raw.reset();
    kill(0, SIGTSTP);
    raw.emplace();
  }

  // The next key, none for one that goes on, or what happened instead.
  std::optional<Key> NextKey(KeyDecoder& decoder, TerminalInput::Event& event) {
    char byte = 0;
    event = input.Next(byte, decoder.MayBeEscape() ? kEscapeWaitMs : -1);
    if (event == TerminalInput::Event::kByte) return decoder.Take(byte);
    if (event == TerminalInput::Event::kTimeout) return decoder.TakeEscape();
    return std::nullopt;
  }

  TerminalInput input;
  StatementHistory history{HistoryPath()};
  LineView view;
  const bool draws = StdoutCanDraw();
};

LineEditor::LineEditor(EditOptions options, SignalWatcher& signals)
    : options_(std::move(options)), signals_(signals), terminal_(std::make_unique<Terminal>()) {
  signals.OnHangUp(HangUp);
}

LineEditor::~LineEditor() = default;

void LineEditor::Listen() {
  signals_.OnSignal([this] { terminal_->input.Wake(); });
}

Line LineEditor::Read() {
  Listen();
  Line line{LineKind::kEnd, ""};
  try {
    if (!signals_.TerminationAsked()) line = terminal_->draws ? ReadDrawn() : ReadPlain();
  } catch (...) {
    // What nobody catches unwinds nothing, and would leave the terminal as it is.
    throw;
  }
  signals_.OnSignal({});
  if (signals_.TerminationAsked()) line.kind = LineKind::kEnd;
  return line;
}

Line LineEditor::ReadDrawn() {
  std::optional<RawMode> raw(std::in_place);
  EditSession session(options_, terminal_->history.statements());
  KeyDecoder decoder;
  terminal_->view.Forget();
  while (true) {
    terminal_->Show(session);
    TerminalInput::Event event{};
    const auto key = terminal_->NextKey(decoder, event);
    const bool woken = event == TerminalInput::Event::kWoken;
    if (woken || event == TerminalInput::Event::kEnd) {
      const bool interrupted = woken && !signals_.TerminationAsked();
      terminal_->Leave(session, interrupted ? "^C" : "");
      return {interrupted ? LineKind::kInterrupted : LineKind::kEnd, ""};
    }
    if (!key) continue;
    switch (session.Take(*key)) {
      case EditSession::Outcome::kGoesOn:
        break;
      case EditSession::Outcome::kText:
        terminal_->Leave(session, "");
        return {LineKind::kText, session.text()};
      case EditSession::Outcome::kInterrupted:
        terminal_->Leave(session, "^C");
        return {LineKind::kInterrupted, ""};
      case EditSession::Outcome::kEnd:
        terminal_->Leave(session, "");
        return {LineKind::kEnd, ""};
      case EditSession::Outcome::kClearScreen:
        WriteToTerminal(kEraseScreen);
        terminal_->view.Forget();
        break;
      case EditSession::Outcome::kSuspend:
        terminal_->Suspend(raw);
        break;
      case EditSession::Outcome::kComplete:
        session.Complete();
        Listen();
        // A signal that came meanwhile was told to nobody here.
        if (signals_.TerminationAsked()) terminal_->input.Wake();
        if (const auto candidates = session.TakeCandidates(); !candidates.empty()) {
          WriteToTerminal(terminal_->view.Leave() +
                          ListedCandidates(candidates, SizeOfScreen().columns));
        }
        break;
    }
  }
}

Line LineEditor::ReadPlain() {
  std::string text;
  WriteToTerminal(options_.prompt);
  while (true) {
    char byte = 0;
    switch (terminal_->input.Next(byte, -1)) {
      case TerminalInput::Event::kWoken:
        WriteToTerminal("\n");
        return {LineKind::kInterrupted, ""};
      case TerminalInput::Event::kEnd:
        WriteToTerminal("\n");
        return {LineKind::kEnd, ""};
      case TerminalInput::Event::kByte:
        break;
      default:
        continue;
    }
    if (byte == '\n' && options_.is_complete(text)) return {LineKind::kText, std::move(text)};
    text += byte;
    if (byte == '\n') WriteToTerminal(options_.continuation);
  }
}

void LineEditor::Remember(const std::string& text) {
  terminal_->history.Add(text);
}

void LineEditor::ForgetAll() {
  terminal_->history.Clear();
}

}  // namespace sumac::cli
