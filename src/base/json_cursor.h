// Reads JSON forward, a token at a time, straight from the bytes of a response.
//
// It expects that there is no whitespace, as DynamoDB sends none, so that what it looks for is
// mostly the next byte, and takes everything that RFC 8259 allows all the same. What it passes over
// (SkipValue) is read only as far as is needed to find its end. docs/decisions/002-page-decoder.md
// has the alternatives.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "base/string_stop.h"
#include "base/structure_bits.h"

namespace sumac {

// Not thread-safe. Every read checks that it stays within the text.
class JsonCursor {
 public:
  // Readable behind every text that ReadString returns.
  static constexpr size_t kTextPaddingBytes = 16;
  // Has to be readable behind what is read.
  static constexpr size_t kPaddingBytes = 64;

  JsonCursor() = default;
  explicit JsonCursor(std::string_view text) { Start(text); }
  JsonCursor(const JsonCursor&) = delete;
  JsonCursor& operator=(const JsonCursor&) = delete;

  // Begins a text, which must stay unchanged and be followed by kPaddingBytes readable bytes
  // until the next Start. REQUIRES: it is UTF-8, or what is read of it is checked elsewhere.
  void Start(std::string_view text);

  const char* position() const { return at_; }
  // REQUIRES: a position that this text had.
  void MoveTo(const char* position) { at_ = position; }

  // Whether `text`, which ReadString returned, stands in the text itself, without an escape.
  bool IsInPlace(std::string_view text) const {
    return text.data() >= begin_ && text.data() < end_;
  }

  // Passes `expected` when it comes next, after whitespace; false leaves the position.
  bool Take(char expected) {
    if (at_ < end_ && *at_ == expected) [[likely]] {
      ++at_;
      return true;
    }
    return SpaceComes() && TakeAfterSpace(expected);
  }

  // Passes ',' and returns true; passes `close` and returns false with `closed` set; returns false
  // without it when something else comes.
  bool TakeSeparator(char close, bool& closed) {
    if (at_ < end_) [[likely]] {
      if (*at_ == ',') {
        ++at_;
        return true;
      }
      if (*at_ == close) {
        ++at_;
        closed = true;
        return false;
      }
    }
    return SpaceComes() && TakeSeparatorAfterSpace(close, closed);
  }

  // Passes `count` bytes at once. REQUIRES: BytesLeft() >= count.
  void Pass(size_t count) { at_ += count; }
  size_t BytesLeft() const { return static_cast<size_t>(end_ - at_); }

  // Reads a string; false when none comes. The text lives as long as the text that was started, and
  // kTextPaddingBytes behind it are readable.
  bool ReadString(std::string_view& text) {
    if (!Take('"')) return false;
    const char* start = at_;
    const char* stop = FindStringStop(start, end_);
    if (stop < end_ && *stop == '"') [[likely]] {
      text = {start, static_cast<size_t>(stop - start)};
      at_ = stop + 1;
      return true;
    }
    return ReadEscapedString(start, text);
  }

  // For who reads a string's bytes himself: where they begin, null when no string comes; and passes
  // the string when its bytes end at `end`, which false means they do not.
  const char* StringStart() const { return at_ < end_ && *at_ == '"' ? at_ + 1 : nullptr; }
  bool PassString(const char* end) {
    if (end >= end_ || *end != '"') return false;
    at_ = end + 1;
    return true;
  }

  bool ReadBoolean(bool& value) {
    if (BytesLeft() > 5) [[likely]] {
      value = std::memcmp(at_, "true", 4) == 0;
      if (value || std::memcmp(at_, "false", 5) == 0) {
        at_ += value ? 4 : 5;
        return true;
      }
    }
    return ReadBooleanAfterSpace(value);
  }
  // Whether nothing but whitespace is left; passes that.
  bool AtEnd() {
    if (SpaceComes()) SkipSpace();
    return at_ == end_;
  }
  // Passes a value of any kind, up to the bracket that closes it; whether what stands before that
  // is JSON is not checked.
  bool SkipValue();

 private:
  // Anything that is not above a space in the alphabet may be whitespace.
  bool SpaceComes() const { return at_ < end_ && static_cast<unsigned char>(*at_) <= ' '; }
  void SkipSpace();
  bool ReadBooleanAfterSpace(bool& value);
  bool TakeAfterSpace(char expected);
  bool TakeSeparatorAfterSpace(char close, bool& closed);
  // `start` is behind the opening quote.
  bool ReadEscapedString(const char* start, std::string_view& text);
  bool SkipString();
  bool SkipNested();
  bool SkipBlockWithEscapes(Bracket bracket, size_t& depth, uint64_t& in_string);
  char* Allocate(size_t size);

  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;

  // Strings that were spelled with escapes. They are never longer than their spelling, so all of
  // them together are not longer than the text.
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  size_t free_bytes_ = 0;
  size_t block_bytes_ = 0;  // of the first block
};

}  // namespace sumac
