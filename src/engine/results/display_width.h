// How wide text is on a terminal, and where its characters end.
#pragma once

#include <cstddef>
#include <string>

namespace sumac::engine {

// The number of terminal columns of `text` (UTF-8): CJK and emoji take two, combining marks none.
size_t DisplayWidth(const std::string& text);

// The end of the character that begins at `at`, with all that is shown in its cell: combining
// marks, parts of an emoji. A byte that is no UTF-8 is a character of its own.
size_t CharacterEnd(const std::string& text, size_t at);

}  // namespace sumac::engine
