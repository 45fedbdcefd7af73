// A command line taken apart without a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sumac::aws {

// Splits at white space. '...' keeps everything; "..." keeps everything but \" and \\; outside of
// quotes a backslash keeps the next character. Variables, ~, globs, pipes and the like are plain
// characters: nothing is expanded. Errors kInvalidArgument: no word, a quote that is not closed, a
// backslash at the end.
Result<std::vector<std::string>> SplitCommandWords(std::string_view text);

}  // namespace sumac::aws
