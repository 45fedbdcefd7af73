#include "engine/results/display_width.h"

#include <algorithm>

// libduckdb exports its width table, which knows grapheme clusters; the header that declares it is
// not among DuckDB's public ones (1.4.4, utf8proc_wrapper.hpp), so its functions are named here.
namespace duckdb {
class Utf8Proc {
 public:
  static size_t RenderWidth(const std::string& text);
  static bool IsValid(const char* text, size_t size);
  static size_t NextGraphemeCluster(const char* text, size_t size, size_t at);
};
}  // namespace duckdb

namespace sumac::engine {
namespace {

bool IsAscii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

}  // namespace

size_t DisplayWidth(const std::string& text) {
  const bool ascii = std::all_of(text.begin(), text.end(), IsAscii);
  return ascii ? text.size() : duckdb::Utf8Proc::RenderWidth(text);
}

size_t CharacterEnd(const std::string& text, size_t at) {
  // No real character is longer, and DuckDB reads all that it is given.
  constexpr size_t kCharacterBytesMax = 64;
  if (at + 1 >= text.size() || (IsAscii(text[at]) && IsAscii(text[at + 1]))) {
    return std::min(at + 1, text.size());
  }
  size_t size = 0;
  // What follows in ASCII begins a character of its own.
  while (size < kCharacterBytesMax && at + size < text.size() &&
         (size < 1 || !IsAscii(text[at + size]))) {
    ++size;
  }
  const char* begin = text.data() + at;
  for (int cut = 0; cut < 4 && size > 1; ++cut, --size) {
    if (!duckdb::Utf8Proc::IsValid(begin, size)) continue;
    return at + std::max<size_t>(1, duckdb::Utf8Proc::NextGraphemeCluster(begin, size, 0));
  }
  return at + 1;
}

}  // namespace sumac::engine
