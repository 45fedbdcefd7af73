#include "dynamodb/items_span.h"

#include <algorithm>

namespace sumac::dynamodb {
namespace {

// What may stand before the items and after them; keys are 3 KB at most, before escaping.
constexpr size_t kMarginBytesMax = 64 << 10;
// An array after the items that is longer than this is taken for the items themselves.
constexpr size_t kOtherArrayBytesMax = 1 << 10;

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// A letter of true, false, null or a number.
bool IsScalar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' ||
         c == 'E';
}

// Reads from the beginning. Each step returns false when the text is not as it has to be, or ends.
class ForwardReader {
 public:
  explicit ForwardReader(std::string_view text) : text_(text) {}

  size_t position() const { return position_; }
  bool At(char c) const { return position_ < text_.size() && text_[position_] == c; }

  void SkipBlanks() {
    while (position_ < text_.size() && IsBlank(text_[position_])) ++position_;
  }

  bool Take(char c) {
    SkipBlanks();
    if (!At(c)) return false;
    ++position_;
    SkipBlanks();
    return true;
  }

  // `content` is what stands between the quotes.
  bool TakeString(std::string_view& content) {
    if (!At('"')) return false;
    const size_t begin = ++position_;
    while (position_ < text_.size() && text_[position_] != '"') {
      position_ += text_[position_] == '\\' ? 2 : 1;
    }
    if (position_ >= text_.size()) return false;
    content = text_.substr(begin, position_ - begin);
    ++position_;
    return true;
  }

  bool TakeValue() {
    std::string_view content;
    if (At('"')) return TakeString(content);
    if (At('{') || At('[')) return TakeNested();
    const size_t begin = position_;
    while (position_ < text_.size() && IsScalar(text_[position_])) ++position_;
    return position_ > begin;
  }

 private:
  bool TakeNested() {
    std::string_view content;
    int depth = 0;
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '"') {
        if (!TakeString(content)) return false;
        continue;
      }
      ++position_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }

  const std::string_view text_;
  size_t position_ = 0;
};

// Reads from the end, taking away what it has read.
class BackwardReader {
 public:
  explicit BackwardReader(std::string_view text) : text_(text) {}

  size_t size() const { return text_.size(); }
  bool At(char c) const { return !text_.empty() && text_.back() == c; }

  void SkipBlanks() {
    while (!text_.empty() && IsBlank(text_.back())) text_.remove_suffix(1);
  }

  bool Take(char c) {
    SkipBlanks();
    if (!At(c)) return false;
    text_.remove_suffix(1);
    SkipBlanks();
    return true;
  }

  bool TakeString() {
    if (!At('"')) return false;
    text_.remove_suffix(1);
    while (true) {
      const size_t quote = text_.rfind('"');
      if (quote == std::string_view::npos) return false;
      text_ = text_.substr(0, quote);
      size_t backslashes = 0;
      while (backslashes < quote && text_[quote - 1 - backslashes] == '\\') ++backslashes;
      if (backslashes % 2 == 0) return true;
    }
  }

  bool TakeValue() {
    if (At('"')) return TakeString();
    if (At('}')) return TakeNested();
    const size_t before = text_.size();
    while (!text_.empty() && IsScalar(text_.back())) text_.remove_suffix(1);
    return text_.size() < before;
  }

  // Takes the array that ends here if it is not longer than `bytes_max`.
  bool TakeArray(size_t bytes_max) {
    const size_t out_of_reach = text_.size() - std::min(text_.size(), bytes_max);
    BackwardReader near(text_.substr(out_of_reach));
    if (!near.TakeNested()) return false;
    text_ = text_.substr(0, out_of_reach + near.size());
    return true;
  }

 private:
  bool TakeNested() {
    int depth = 0;
    while (!text_.empty()) {
      const char c = text_.back();
      if (c == '"') {
        if (!TakeString()) return false;
        continue;
      }
      text_.remove_suffix(1);
      if (c == '}' || c == ']') ++depth;
      if ((c == '{' || c == '[') && --depth == 0) return true;
    }
    return false;
  }

  std::string_view text_;
};

// The position of the '[' after "Items".
std::optional<size_t> FindBegin(std::string_view body) {
  ForwardReader reader(body.substr(0, kMarginBytesMax));
  if (!reader.Take('{')) return std::nullopt;
  while (true) {
    std::string_view name;
    if (!reader.TakeString(name) || !reader.Take(':')) return std::nullopt;
    if (name == "Items" && reader.At('[')) return reader.position();
    if (!reader.TakeValue() || !reader.Take(',')) return std::nullopt;
  }
}

// `after` begins after the '[' of the items. Returns how much of it stands before the end of the
// array.
std::optional<size_t> FindEnd(std::string_view after) {
  const size_t out_of_reach = after.size() - std::min(after.size(), kMarginBytesMax);
  BackwardReader reader(after.substr(out_of_reach));
  if (!reader.Take('}')) return std::nullopt;
  while (true) {
    const size_t end = out_of_reach + reader.size();
    if (reader.At(']')) {
      // That of the items begins before `after`, so no other beginning is found.
      if (!reader.TakeArray(kOtherArrayBytesMax)) return end;
    } else if (!reader.TakeValue()) {
      return std::nullopt;
    }
    if (!reader.Take(':') || !reader.TakeString() || !reader.Take(',')) return std::nullopt;
  }
}

}  // namespace

std::optional<ItemsSpan> FindItems(std::string_view body) {
  const auto begin = FindBegin(body);
  if (!begin) return std::nullopt;
  const auto length = FindEnd(body.substr(*begin + 1));
  if (!length) return std::nullopt;
  return ItemsSpan{*begin, *begin + 1 + *length};
}

}  // namespace sumac::dynamodb
