#include "spicepod/value_text.h"

#include <charconv>
#include <cmath>

namespace sumac::spicepod {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr double kMicrosecond = 1e3;
constexpr double kMillisecond = 1e6;
constexpr double kSecond = 1e9;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;
constexpr double kNanosecondsMax = 9.2e18;  // what the type holds, 292 years

constexpr Unit kDurationUnits[] = {
    {"ns", 1},        {"us", kMicrosecond}, {"ms", kMillisecond}, {"s", kSecond},
    {"sec", kSecond}, {"second", kSecond},  {"seconds", kSecond}, {"m", kMinute},
    {"min", kMinute}, {"minute", kMinute},  {"minutes", kMinute}, {"h", kHour},
    {"hour", kHour},  {"hours", kHour},     {"d", kDay},          {"day", kDay},
    {"days", kDay},   {"w", 7 * kDay},      {"week", 7 * kDay},   {"weeks", 7 * kDay},
};

constexpr Unit kSizeUnits[] = {
    {"", 1},
    {"B", 1},
    {"kB", 1e3},
    {"KB", 1e3},
    {"KiB", 1024.0},
    {"MB", 1e6},
    {"MiB", 1024.0 * 1024},
    {"GB", 1e9},
    {"GiB", 1024.0 * 1024 * 1024},
    {"TB", 1e12},
    {"TiB", 1024.0 * 1024 * 1024 * 1024},
};

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void SkipBlanks(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}

// Takes a non-negative number off the front of `text`.
std::optional<double> TakeNumber(std::string_view& text) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  SkipBlanks(text);
  return number;
}

std::string_view TakeWord(std::string_view& text) {
  size_t length = 0;
  while (length < text.size() && IsLetter(text[length])) ++length;
  const auto word = text.substr(0, length);
  text.remove_prefix(length);
  SkipBlanks(text);
  return word;
}

template <size_t N>
std::optional<double> FactorOf(const Unit (&units)[N], std::string_view name) {
  for (const auto& unit : units) {
    if (unit.name == name) return unit.factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  SkipBlanks(text);
  double total = 0;
  bool first = true;
  do {
    const auto number = TakeNumber(text);
    if (!number) return std::nullopt;
    const bool bare = first && text.empty();
    const auto factor = bare ? kSecond : FactorOf(kDurationUnits, TakeWord(text));
    if (!factor) return std::nullopt;
    total += *number * *factor;
    first = false;
  } while (!text.empty());
  if (total > kNanosecondsMax) return std::nullopt;
  return std::chrono::nanoseconds(static_cast<int64_t>(total));
}

std::optional<std::chrono::milliseconds> ParseTimeLimit(std::string_view text) {
  constexpr std::chrono::milliseconds kMin{1};
  constexpr std::chrono::hours kMax{24 * 365};
  const auto duration = ParseDuration(text);
  if (!duration || *duration < kMin || *duration > kMax) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

std::optional<uint64_t> ParseByteSize(std::string_view text) {
  SkipBlanks(text);
  const auto number = TakeNumber(text);
  if (!number) return std::nullopt;
  const auto factor = FactorOf(kSizeUnits, TakeWord(text));
  if (!factor || !text.empty() || *number * *factor > kNanosecondsMax) return std::nullopt;
  return static_cast<uint64_t>(*number * *factor);
}

std::optional<bool> ParseBoolean(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return std::nullopt;
}

std::optional<int64_t> ParseInteger(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace sumac::spicepod
