// How long to wait before something that failed is tried again.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace sumac::datasets {

inline constexpr std::chrono::milliseconds kRetryDelayMax = std::chrono::minutes(5);

// The wait before attempt `attempt` + 1, when `attempt` (from 1) of them have failed: 1 s, 1 s,
// 2 s, 3 s, 5 s, 8 s and so on, at most kRetryDelayMax, less up to a tenth, which `random` draws,
// so that what failed together is not tried again together. 0 is taken as 1.
std::chrono::milliseconds RetryDelay(uint64_t attempt, std::mt19937_64& random);

}  // namespace sumac::datasets
