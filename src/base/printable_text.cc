#include "base/printable_text.h"

#include <cstdint>
#include <iterator>

#include <fmt/format.h>

namespace sumac {
namespace {

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Returns the character at `at` if it is one of those above ASCII that must not reach a terminal,
// else 0. They lie in U+0080 to U+009F, U+200E to U+200F, U+2028 to U+202E, U+2066 to U+2069 and at
// U+FEFF.
uint32_t HarmfulCharacter(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) <= 0x9f) return byte(1);
  if ((byte(0) & 0xf0) != 0xe0) return 0;
  const uint32_t c = (byte(0) & 0x0fu) << 12 | (byte(1) & 0x3fu) << 6 | (byte(2) & 0x3fu);
  const bool harmful = c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
                       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
  return harmful ? c : 0;
}

void AppendControl(char c, std::string& out) {
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
  }
}

}  // namespace

void AppendPrintable(std::string_view text, std::string& out) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 0 && c < 0x20) || c == 0x7f) {
      AppendControl(c, out);
    } else if (const uint32_t harmful = HarmfulCharacter(text, i); harmful != 0) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", harmful);
      i += harmful < 0x800 ? 1 : 2;
    } else {
      out += c;
    }
  }
}

std::string_view Beginning(size_t bytes_max, std::string_view text) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && IsContinuation(text[end])) --end;
  return text.substr(0, end);
}

void Truncate(size_t bytes_max, std::string& text) {
  if (text.size() <= bytes_max) return;
  text.resize(Beginning(bytes_max, text).size());
  text += "\u2026";
}

std::string PrintableText(std::string_view text, size_t bytes_max) {
  std::string out;
  // Nothing grows shorter, so what is cut here would be cut below.
  AppendPrintable(text.substr(0, bytes_max + 4), out);
  Truncate(bytes_max, out);
  return out;
}

}  // namespace sumac
