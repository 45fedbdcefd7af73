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

// "128MiB", "1GB", "4096": bytes, with decimal or binary units. Nothing when it is none or beyond
// 2^63.
std::optional<uint64_t> ParseByteSize(std::string_view text);

// "true" and "false", as YAML 1.2 has them.
std::optional<bool> ParseBoolean(std::string_view text);

std::optional<int64_t> ParseInteger(std::string_view text);

}  // namespace sumac::spicepod
