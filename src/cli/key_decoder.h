// The bytes that a terminal sends as keys. Pure.
#pragma once

#include <optional>
#include <string>

namespace sumac::cli {

enum class KeyKind {
  kText,  // one character, or all of what was pasted, with its line breaks
  kEnter,
  kNewLine,  // Alt-Enter: a line break, whether or not the text is complete
  kTab,
  kBackspace,
  kDelete,
  kDeleteOrEnd,  // Ctrl-D
  kLeft,
  kRight,
  kUp,
  kDown,
  kHome,
  kEnd,
  kWordLeft,
  kWordRight,
  kDeleteWordLeft,
  kDeleteWordRight,
  kKillToEnd,
  kKillToBegin,
  kYank,
  kTranspose,
  kClearScreen,
  kSearch,
  kCancel,     // Ctrl-G, Escape
  kInterrupt,  // Ctrl-C
  kSuspend,
  kIgnored,
};

struct Key {
  KeyKind kind = KeyKind::kIgnored;
  std::string text;  // UTF-8, of kText
};

// Not thread-safe.
class KeyDecoder {
 public:
  // Returns a key when the byte completes one.
  std::optional<Key> Take(char byte);

  // Whether an Escape came that may begin a longer sequence: when nothing follows soon, it is the
  // key itself, which TakeEscape returns.
  bool MayBeEscape() const { return sequence_ == "\x1b"; }
  Key TakeEscape();

 private:
  std::optional<Key> TakeText(char byte);
  std::optional<Key> TakePasted(char byte);
  std::optional<Key> TakeInSequence(char byte);

  std::string sequence_;  // from its Escape on
  std::string text_;      // of a character that is not complete
  size_t text_bytes_ = 0;
  std::string pasted_;
  bool pasting_ = false;
  bool after_return_ = false;  // in what is pasted
};

}  // namespace sumac::cli
