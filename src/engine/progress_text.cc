#include "engine/progress_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace sumac::engine {
namespace {

// Seconds, minutes, hours and days.
constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

}  // namespace

std::string ThousandsText(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string ShortText(double number) {
  const char* const units[] = {"", "k", "M", "G", "T"};
  size_t unit = 0;
  // What would be rounded to 1,000 is one of the next unit.
  while (number >= (unit == 0 ? 1'000 : 999.5) && unit + 1 < std::size(units)) {
    number /= 1'000;
    ++unit;
  }
  if (unit == 0) return fmt::format("{:.0f}", std::floor(number));
  return fmt::format("{:.{}f}{}", number, number < 99.95 ? 1 : 0, units[unit]);
}

std::string BytesText(double bytes) {
  std::string text = ShortText(bytes);
  const bool has_unit = text.back() > '9';
  text.insert(has_unit ? text.size() - 1 : text.size(), " ");
  return text + "B";
}

std::string LoggedBytesText(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes);
  size_t unit = 0;
  for (; size >= 1024 && unit + 1 < std::size(kUnits); ++unit) size /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.2f} {}", size, kUnits[unit]);
}

std::string AgeText(std::chrono::milliseconds age) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(age);
  return seconds.count() <= 0 ? "0s" : DurationText(seconds);
}

std::string DurationText(std::chrono::milliseconds duration) {
  const int64_t ms = duration.count();
  const int64_t seconds = ms / 1'000;
  if (seconds == 0) return fmt::format("{}ms", ms);
  const auto two = [](int64_t many, const char* unit, int64_t rest, const char* rest_unit) {
    return rest == 0 ? fmt::format("{}{}", many, unit)
                     : fmt::format("{}{} {}{}", many, unit, rest, rest_unit);
  };
  if (seconds < kMinute && ms % 1'000 >= 100 && seconds < 10) {
    return fmt::format("{}.{}s", seconds, ms % 1'000 / 100);
  }
  if (seconds < kMinute) return fmt::format("{}s", seconds);
  if (seconds < kHour) return two(seconds / kMinute, "m", seconds % kMinute, "s");
  if (seconds < kDay) return two(seconds / kHour, "h", seconds % kHour / kMinute, "m");
  return two(seconds / kDay, "d", seconds % kDay / kHour, "h");
}

std::string UnitsText(double read_units) {
  constexpr double kHalvesBelow = 100;
  if (read_units < kHalvesBelow) return fmt::format("{:g}", std::round(read_units * 2) / 2);
  return ThousandsText(static_cast<uint64_t>(std::llround(read_units)));
}

std::string DollarsText(double dollars) {
  constexpr int kDecimalsMax = 12;
  if (dollars < 1e-12) return "$0";
  const int decimals = dollars >= 1 ? 2 : 1 - static_cast<int>(std::floor(std::log10(dollars)));
  return fmt::format("${:.{}f}", dollars, std::clamp(decimals, 2, kDecimalsMax));
}

std::string CostText(const dynamodb::ScanStatistics& statistics) {
  std::string text = fmt::format(
      "{} items, {}, {} RCU", ThousandsText(statistics.items_scanned),
      BytesText(static_cast<double>(statistics.bytes)),
      ThousandsText(static_cast<uint64_t>(std::llround(statistics.consumed_read_units))));
  const auto throttles = statistics.throttles_of_key_range + statistics.throttles_of_table;
  if (throttles > 0) text += fmt::format(", {} throttles", ThousandsText(throttles));
  if (statistics.capacity_wait.count() > 0) {
    text += ", waited " + DurationText(statistics.capacity_wait) + " for read capacity";
  }
  return text;
}

}  // namespace sumac::engine
