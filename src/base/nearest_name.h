// "Did you mean": the closest of a set of names to one that was not found.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sumac {

// Returns the candidate with the smallest edit distance to `name` (case ignored, a swap of
// neighbours counts one), or nothing when none is close enough to be a likely slip: at most a third
// of the longer name's length, at least one. Ties go to the earlier candidate.
std::optional<std::string> NearestName(std::string_view name,
                                       const std::vector<std::string>& candidates);

}  // namespace sumac
