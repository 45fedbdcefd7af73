// How wide text is on a terminal.
#pragma once

#include <cstddef>
#include <string>

namespace sumac::engine {

// The number of terminal columns of `text` (UTF-8): CJK and emoji take two, combining marks none.
size_t DisplayWidth(const std::string& text);

}  // namespace sumac::engine
