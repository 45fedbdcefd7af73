// The few questions about header text that several parts of the HTTP server ask.
#pragma once

#include <algorithm>
#include <string_view>

namespace sumac::server {

// ASCII only, as header names and media types are.
inline bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// Returns `value` without its parameters (";q=0.5", "; charset=utf-8") and without blanks around
// it.
inline std::string_view MediaType(std::string_view value) {
  value = value.substr(0, value.find(';'));
  const size_t first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

}  // namespace sumac::server
