// What Tab does with several candidates. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sumac::cli {

// What all begin with. Case does not count, as SQL compares names so; the first one's is taken.
// `candidates` is not empty.
std::string CommonStart(const std::vector<std::string>& candidates);

// In as many columns as fit, a line each with its newline; of very many the first.
std::string ListedCandidates(const std::vector<std::string>& candidates, size_t columns);

}  // namespace sumac::cli
