// How wide text is on a terminal, and how text is made harmless to show there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sumac::engine {

// The number of terminal columns of `text` (UTF-8): CJK and emoji take two, combining marks none.
size_t DisplayWidth(const std::string& text);

// Appends `text` with everything that would move the cursor or reorder the line written as an
// escape: \n, \t, \r, \x1b for control characters, \u{202e} for direction and line marks.
void AppendPrintable(std::string_view text, std::string& out);

// Cuts `text` to at most `bytes_max` bytes plus "…", between characters.
void Truncate(size_t bytes_max, std::string& text);

}  // namespace sumac::engine
