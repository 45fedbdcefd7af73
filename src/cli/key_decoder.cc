#include "cli/key_decoder.h"

#include <string_view>
#include <utility>

namespace sumac::cli {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::string_view kPasteBegin = "\x1b[200~";
constexpr std::string_view kPasteEnd = "\x1b[201~";
// No key is longer; what is, is noise.
constexpr size_t kSequenceBytesMax = 16;

// Control characters as Emacs and shells have them.
KeyKind ControlKey(char byte) {
  switch (byte) {
    case 'A' - '@':
      return KeyKind::kHome;
    case 'B' - '@':
      return KeyKind::kLeft;
    case 'C' - '@':
      return KeyKind::kInterrupt;
    case 'D' - '@':
      return KeyKind::kDeleteOrEnd;
    case 'E' - '@':
      return KeyKind::kEnd;
    case 'F' - '@':
      return KeyKind::kRight;
    case 'G' - '@':
      return KeyKind::kCancel;
    case 'H' - '@':
    case '\x7f':
      return KeyKind::kBackspace;
    case '\t':
      return KeyKind::kTab;
    case '\n':
    case '\r':
      return KeyKind::kEnter;
    case 'K' - '@':
      return KeyKind::kKillToEnd;
    case 'L' - '@':
      return KeyKind::kClearScreen;
    case 'N' - '@':
      return KeyKind::kDown;
    case 'P' - '@':
      return KeyKind::kUp;
    case 'R' - '@':
      return KeyKind::kSearch;
    case 'T' - '@':
      return KeyKind::kTranspose;
    case 'U' - '@':
      return KeyKind::kKillToBegin;
    case 'W' - '@':
      return KeyKind::kDeleteWordLeft;
    case 'Y' - '@':
      return KeyKind::kYank;
    case 'Z' - '@':
      return KeyKind::kSuspend;
    default:
      return KeyKind::kIgnored;
  }
}

// What follows an Escape, as xterm and its like send it.
constexpr std::pair<std::string_view, KeyKind> kSequences[] = {
    {"b", KeyKind::kWordLeft},
    {"B", KeyKind::kWordLeft},
    {"f", KeyKind::kWordRight},
    {"F", KeyKind::kWordRight},
    {"d", KeyKind::kDeleteWordRight},
    {"D", KeyKind::kDeleteWordRight},
    {"\x7f", KeyKind::kDeleteWordLeft},
    {"\b", KeyKind::kDeleteWordLeft},
    {"\n", KeyKind::kNewLine},
    {"\r", KeyKind::kNewLine},
    {"[A", KeyKind::kUp},
    {"[B", KeyKind::kDown},
    {"[C", KeyKind::kRight},
    {"[D", KeyKind::kLeft},
    {"OA", KeyKind::kUp},
    {"OB", KeyKind::kDown},
    {"OC", KeyKind::kRight},
    {"OD", KeyKind::kLeft},
    {"[H", KeyKind::kHome},
    {"[F", KeyKind::kEnd},
    {"OH", KeyKind::kHome},
    {"OF", KeyKind::kEnd},
    {"[1~", KeyKind::kHome},
    {"[7~", KeyKind::kHome},
    {"[4~", KeyKind::kEnd},
    {"[8~", KeyKind::kEnd},
    {"[3~", KeyKind::kDelete},
    {"[1;5C", KeyKind::kWordRight},
    {"[1;3C", KeyKind::kWordRight},
    {"[1;5D", KeyKind::kWordLeft},
    {"[1;3D", KeyKind::kWordLeft},
    {"[3;5~", KeyKind::kDeleteWordRight},
    {"[3;3~", KeyKind::kDeleteWordRight},
};

// Whether a sequence has its last byte.
bool IsComplete(std::string_view sequence) {
  const char last = sequence.back();
  if (sequence.size() == 2) return last != '[' && last != 'O';
  return last >= '@' && last <= '~';
}

size_t BytesOfCharacter(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte >= 0xf0 && byte <= 0xf4) return 4;
  if (byte >= 0xe0) return byte < 0xf0 ? 3 : 0;
  if (byte >= 0xc2) return 2;
  return byte < 0x80 ? 1 : 0;
}

bool IsContinuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

}  // namespace

std::optional<Key> KeyDecoder::Take(char byte) {
  if (pasting_) return TakePasted(byte);
  if (!sequence_.empty()) return TakeInSequence(byte);
  if (byte == kEscape) {
    sequence_ = byte;
    return std::nullopt;
  }
  if (static_cast<unsigned char>(byte) < ' ' || byte == '\x7f') {
    text_.clear();
    return Key{ControlKey(byte), ""};
  }
  return TakeText(byte);
}

Key KeyDecoder::TakeEscape() {
  sequence_.clear();
  return {KeyKind::kCancel, ""};
}

std::optional<Key> KeyDecoder::TakeText(char byte) {
  if (text_.empty() || !IsContinuation(byte)) {
    text_.clear();
    text_bytes_ = BytesOfCharacter(byte);
    if (text_bytes_ == 0) return Key{KeyKind::kText, "?"};
  }
  text_ += byte;
  if (text_.size() < text_bytes_) return std::nullopt;
  return Key{KeyKind::kText, std::exchange(text_, {})};
}

std::optional<Key> KeyDecoder::TakePasted(char byte) {
  // A terminal sends line breaks as it would for Enter.
  const bool ends_break = byte == '\n' && after_return_;
  after_return_ = byte == '\r';
  if (ends_break) return std::nullopt;
  pasted_ += byte == '\r' ? '\n' : byte;
  if (!pasted_.ends_with(kPasteEnd)) return std::nullopt;
  pasting_ = false;
  pasted_.resize(pasted_.size() - kPasteEnd.size());
  std::string text;
  for (const char c : std::exchange(pasted_, {})) {
    const bool control = static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    if (!control || c == '\t' || c == '\n') text += c;
  }
  return Key{KeyKind::kText, std::move(text)};
}

std::optional<Key> KeyDecoder::TakeInSequence(char byte) {
  if (byte == kEscape) {
    sequence_ = byte;
    return Key{KeyKind::kCancel, ""};
  }
  sequence_ += byte;
  if (sequence_ == kPasteBegin) {
    sequence_.clear();
    pasting_ = true;
    return std::nullopt;
  }
  if (!IsComplete(sequence_) && sequence_.size() < kSequenceBytesMax) return std::nullopt;
  const std::string sequence = std::exchange(sequence_, {}).substr(1);
  for (const auto& [bytes, kind] : kSequences) {
    if (bytes == sequence) return Key{kind, ""};
  }
  return Key{KeyKind::kIgnored, ""};
}

}  // namespace sumac::cli
