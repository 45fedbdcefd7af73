#include "base/json_cursor.h"

#include <algorithm>
#include <bit>

#include "base/structure_bits.h"

namespace sumac {
namespace {

constexpr size_t kBlockBytes = 64 * 1024;

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The value of a hexadecimal digit, or something above 15.
unsigned HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return 16;
}

// Reads four hexadecimal digits at `at`; something above 0xffff when they are none.
uint32_t ReadHex4(const char* at, const char* end) {
  constexpr uint32_t kNone = 0x10000;
  if (end - at < 4) return kNone;
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned digit = HexDigit(at[i]);
    if (digit > 15) return kNone;
    value = value * 16 + digit;
  }
  return value;
}

void AppendUtf8(uint32_t code_point, char*& out) {
  const auto put = [&out](uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3f));
    put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3f));
    put(0x80 | ((code_point >> 6) & 0x3f));
    put(0x80 | (code_point & 0x3f));
  }
}

// Reads what follows "\u" at `at`, which moves behind it. False for what is no character, half of a
// surrogate pair among it.
bool ReadUnicodeEscape(const char*& at, const char* end, char*& out) {
  uint32_t code_point = ReadHex4(at, end);
  if (code_point > 0xffff) return false;
  at += 4;
  if (code_point >= 0xd800 && code_point < 0xe000) {
    if (code_point >= 0xdc00 || end - at < 6 || at[0] != '\\' || at[1] != 'u') return false;
    const uint32_t low = ReadHex4(at + 2, end);
    if (low < 0xdc00 || low > 0xdfff) return false;
    code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
    at += 6;
  }
  AppendUtf8(code_point, out);
  return true;
}

// Reads the escape whose backslash is before `at`, which moves behind it.
bool ReadEscape(const char*& at, const char* end, char*& out) {
  switch (*at++) {
    case '"':
      *out++ = '"';
      return true;
    case '\\':
      *out++ = '\\';
      return true;
    case '/':
      *out++ = '/';
      return true;
    case 'b':
      *out++ = '\b';
      return true;
    case 'f':
      *out++ = '\f';
      return true;
    case 'n':
      *out++ = '\n';
      return true;
    case 'r':
      *out++ = '\r';
      return true;
    case 't':
      *out++ = '\t';
      return true;
    case 'u':
      return ReadUnicodeEscape(at, end, out);
    default:
      return false;
  }
}

}  // namespace

void JsonCursor::Start(std::string_view text) {
  begin_ = text.data();
  at_ = begin_;
  end_ = begin_ + text.size();
  if (blocks_.size() > 1) blocks_.resize(1);
  free_ = blocks_.empty() ? nullptr : blocks_[0].get();
  free_bytes_ = blocks_.empty() ? 0 : block_bytes_;
}

void JsonCursor::SkipSpace() {
  while (at_ < end_ && IsSpace(*at_)) ++at_;
}

bool JsonCursor::TakeAfterSpace(char expected) {
  const char* before = at_;
  SkipSpace();
  if (at_ < end_ && *at_ == expected) {
    ++at_;
    return true;
  }
  at_ = before;
  return false;
}

bool JsonCursor::TakeSeparatorAfterSpace(char close, bool& closed) {
  if (TakeAfterSpace(',')) return true;
  closed = TakeAfterSpace(close);
  return false;
}

char* JsonCursor::Allocate(size_t size) {
  if (size > free_bytes_) {
    const size_t block_bytes = std::max(size, kBlockBytes);
    if (blocks_.empty()) block_bytes_ = block_bytes;
    blocks_.push_back(std::make_unique<char[]>(block_bytes));
    free_ = blocks_.back().get();
    free_bytes_ = block_bytes;
  }
  char* place = free_;
  free_ += size;
  free_bytes_ -= size;
  return place;
}

bool JsonCursor::ReadEscapedString(const char* start, std::string_view& text) {
  // To the closing quote, so that there is room for all of it.
  const char* close = start;
  while (true) {
    close = FindStringStop(close, end_);
    if (close == end_) return false;
    if (*close == '"') break;
    // A control character, or a backslash as the last byte.
    if (*close != '\\' || end_ - close < 2) return false;
    close += 2;
  }
  char* out = Allocate(static_cast<size_t>(close - start) + kTextPaddingBytes);
  char* const first = out;
  const char* at = start;
  while (at < close) {
    const char* stop = FindStringStop(at, close);
    std::memcpy(out, at, static_cast<size_t>(stop - at));
    out += stop - at;
    at = stop;
    if (at == close) break;
    ++at;
    if (!ReadEscape(at, close, out)) return false;
  }
  text = {first, static_cast<size_t>(out - first)};
  at_ = close + 1;
  return true;
}

bool JsonCursor::ReadBooleanAfterSpace(bool& value) {
  SkipSpace();
  const auto is = [this](std::string_view word) {
    return BytesLeft() >= word.size() && std::memcmp(at_, word.data(), word.size()) == 0;
  };
  value = is("true");
  if (!value && !is("false")) return false;
  at_ += value ? 4 : 5;
  return true;
}

// At the opening quote. What is escaped stays unread.
bool JsonCursor::SkipString() {
  ++at_;
  while (true) {
    at_ = FindStringStop(at_, end_);
    if (at_ == end_) return false;
    if (*at_ == '"') break;
    if (*at_ != '\\' || end_ - at_ < 2) return false;
    at_ += 2;
  }
  ++at_;
  return true;
}

// At an opening brace or bracket. Only what is of its kind is counted, and what stands
// between is not checked: in JSON it is in balance. Goes 64 bytes at a time as long as what is open
// cannot be closed within them, which for the array of a page's items is nearly always.
bool JsonCursor::SkipNested() {
  const Bracket bracket = *at_ == '{' ? Bracket{'{', '}'} : Bracket{'[', ']'};
  size_t depth = 0;
  uint64_t in_string = 0;  // all ones when a string goes on into the next block
  while (at_ < end_) {
    auto bits = FindStructureBits(at_, bracket);
    if (const size_t left = BytesLeft(); left < StructureBits::kBytes) {
      const uint64_t valid = (uint64_t{1} << left) - 1;
      bits.quotes &= valid;
      bits.opening &= valid;
      bits.closing &= valid;
      bits.backslashes &= valid;
    }
    if (bits.backslashes != 0) {
      // Escapes are rare; what they make of quotes is decided byte by byte.
      if (!SkipBlockWithEscapes(bracket, depth, in_string)) return false;
      if (depth == 0) return true;
      continue;
    }
    if ((bits.opening | bits.closing) == 0) {
      if (__builtin_parityll(bits.quotes) != 0) in_string = ~in_string;
      at_ += std::min(StructureBits::kBytes, BytesLeft());
      continue;
    }
    const uint64_t strings = ParityUpTo(bits.quotes) ^ in_string;
    in_string = (strings >> 63) != 0 ? ~uint64_t{0} : 0;
    const uint64_t opening = bits.opening & ~strings;
    const uint64_t closing = bits.closing & ~strings;
    const auto closed = static_cast<size_t>(std::popcount(closing));
    if (closed < depth) {
      depth = depth - closed + static_cast<size_t>(std::popcount(opening));
      at_ += std::min(StructureBits::kBytes, BytesLeft());
      continue;
    }
    for (uint64_t both = opening | closing; both != 0; both &= both - 1) {
      const uint64_t bit = both & (~both + 1);
      if ((opening & bit) != 0) {
        ++depth;
      } else if (depth == 1) {
        at_ += std::countr_zero(bit) + 1;
        return true;
      } else {
        --depth;
      }
    }
    at_ += std::min(StructureBits::kBytes, BytesLeft());
  }
  return false;
}

// One block of SkipNested, byte by byte, and one more when the last is a backslash. Stops behind
// what brings `depth` to 0; false when the text ends within an escape.
bool JsonCursor::SkipBlockWithEscapes(Bracket bracket, size_t& depth, uint64_t& in_string) {
  const char* const block_end = at_ + std::min(StructureBits::kBytes, BytesLeft());
  while (at_ < block_end) {
    const char c = *at_++;
    if (c == '"') {
      in_string = ~in_string;
    } else if (in_string != 0) {
      if (c == '\\' && at_++ == end_) return false;
    } else if (c == bracket.opening) {
      ++depth;
    } else if (c == bracket.closing && --depth == 0) {
      return true;
    }
  }
  return true;
}

bool JsonCursor::SkipValue() {
  SkipSpace();
  if (at_ == end_) return false;
  if (*at_ == '"') return SkipString();
  if (*at_ == '{' || *at_ == '[') return SkipNested();
  const char* start = at_;
  while (at_ < end_ && *at_ != ',' && *at_ != '}' && *at_ != ']' && !IsSpace(*at_)) ++at_;
  return at_ > start;
}

}  // namespace sumac
