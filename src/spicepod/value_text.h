// Scalars of a Spicepod that are more than text: durations and sizes. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sumac::spicepod {

// "10s", "1h30m", "500ms", "2 days": numbers with ns, us, ms, s, m, h, d, w or their names, added
// up. A bare number is seconds. Nothing when it is none or beyond 292 years.
std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text);

// As ParseDuration, for what ends work that takes longer: from 1 ms to 365 days.
std::optional<std::chrono::milliseconds> ParseTimeLimit(std::string_view text);
// What it takes, for a message.
inline constexpr std::string_view kTimeLimitTakes = "a duration from 1ms to 365d, such as 30s";

// "128MiB", "1GB", "4096": bytes, with decimal or binary units. Nothing when it is none or beyond
// 2^63.
std::optional<uint64_t> ParseByteSize(std::string_view text);

// "true" and "false", as YAML 1.2 has them.
std::optional<bool> ParseBoolean(std::string_view text);

std::optional<int64_t> ParseInteger(std::string_view text);

}  // namespace sumac::spicepod
