// The words of SQL that the prompt completes and colors. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace sumac::cli {

// In upper case, sorted.
const std::vector<std::string_view>& SqlKeywords();

// In any case.
bool IsSqlKeyword(std::string_view word);

}  // namespace sumac::cli
