// Text from outside, made harmless to show on a terminal or in a log.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sumac {

// Appends `text` with everything that would move the cursor or reorder the line written as an
// escape: \n, \t, \r, \x1b for control characters, \u{202e} for direction and line marks.
void AppendPrintable(std::string_view text, std::string& out);

// At most `bytes_max` bytes of `text`, cut between characters.
std::string_view Beginning(size_t bytes_max, std::string_view text);

// Cuts `text` to at most `bytes_max` bytes plus "…", between characters.
void Truncate(size_t bytes_max, std::string& text);

// Both: one line of at most `bytes_max` bytes plus "…".
std::string PrintableText(std::string_view text, size_t bytes_max);

}  // namespace sumac
