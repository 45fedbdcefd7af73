// Finds what the values of a key attribute have in common: "ORDER#77" and "ORDER#78" begin with
// "ORDER#". Internal to items/.
#pragma once

#include <string>
#include <vector>

#include "items/entity_kinds.h"

namespace sumac::items {

// Returns, for each value of an S key, its pattern: kPrefix, kEquals, or kAny when it has none.
// `is_sort_key`: an equal value is then one per partition key. No more than kEntityKindsMax
// different ones.
std::vector<KeyPattern> FindKeyPatterns(const std::vector<std::string>& values, bool is_sort_key);

}  // namespace sumac::items
