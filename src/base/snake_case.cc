#include "base/snake_case.h"

namespace sumac {

std::string SnakeCase(std::string_view text) {
  std::string words;
  bool after_lower = false;
  bool boundary = false;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool alphanumeric = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    boundary = boundary || !alphanumeric || (upper && after_lower);
    if (!alphanumeric) {
      after_lower = false;
      continue;
    }
    if (boundary && !words.empty()) words += '_';
    boundary = false;
    words += upper ? static_cast<char>(c - 'A' + 'a') : c;
    after_lower = !upper;
  }
  return words;
}

}  // namespace sumac
