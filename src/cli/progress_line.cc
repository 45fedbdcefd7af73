#include "cli/progress_line.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "engine/progress_text.h"
#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

using engine::BytesText;
using engine::DurationText;
using engine::ShortText;
using std::chrono::milliseconds;

// Rates are those of the last seconds: long enough to be calm, short enough to be now.
constexpr milliseconds kRateWindow{5'000};
// What a scan is held up by is said for so long after it was seen.
constexpr milliseconds kHindranceWindow{2'000};
constexpr size_t kMomentsMax = 100;
constexpr size_t kNameBytesMax = 40;
constexpr size_t kNamesMax = 2;
constexpr char kSeparator[] = "  ";

// Importance: the higher, the longer a part stays.
enum Importance : int {
  kReadUnitsPart,
  kBytesRatePart,
  kBytesPart,
  kItemsRatePart,
  kItemsPart,
  kHindrancePart,
  kTimePart,
  kNamePart,
};

// A scan that is not at its end is not shown as such.
std::string PercentText(double percent) {
  return fmt::format("{}%", static_cast<int>(std::clamp(percent, 0.0, 99.0)));
}

// The datasets that are being read and how far each is, those whose scans began first.
std::string NamesText(const std::vector<engine::ScanUnderWay>& scans) {
  std::string names;
  for (size_t i = 0; i < std::min(scans.size(), kNamesMax); ++i) {
    names += (i > 0 ? ", " : "") + PrintableText(scans[i].dataset, kNameBytesMax);
    const auto& fraction = scans[i].progress.fraction;
    if (fraction) names += " " + PercentText(100 * *fraction);
  }
  if (scans.size() > kNamesMax) names += fmt::format(", {} more", scans.size() - kNamesMax);
  return names;
}

// Nothing when one scan does not know.
std::optional<milliseconds> LongestTimeLeft(const std::vector<engine::ScanUnderWay>& scans) {
  milliseconds longest{0};
  for (const auto& scan : scans) {
    if (!scan.progress.time_left) return std::nullopt;
    longest = std::max(longest, *scan.progress.time_left);
  }
  return longest;
}

std::string SecondsText(milliseconds duration) {
  return DurationText(std::chrono::floor<std::chrono::seconds>(duration));
}

size_t WidthOf(const std::string& text) {
  return engine::DisplayWidth(text);
}

// Cut at a character, by columns.
std::string CutTo(size_t columns, std::string text) {
  while (!text.empty() && WidthOf(text) > columns) {
    // With the bytes that continue the last character.
    while (text.size() > 1 && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) {
      text.pop_back();
    }
    text.pop_back();
  }
  return text;
}

}  // namespace

std::string ProgressLine::Text(const engine::QueryProgress& progress, MonotonicTime now,
                               size_t columns) {
  const auto read = engine::TotalOf(progress.read);
  Remember(read, now);
  auto parts = progress.scans.empty() ? WorkParts(progress, read) : ScanParts(progress, read, now);
  const auto left = LongestTimeLeft(progress.scans);
  if (left && !progress.scans.empty()) {
    parts.push_back({SecondsText(*left) + " left", kTimePart});
  } else {
    const auto elapsed = std::chrono::duration_cast<milliseconds>(now - started_at_);
    parts.push_back({SecondsText(elapsed), kTimePart});
  }
  const auto hindrance = Hindrance(read, now);
  if (!hindrance.empty()) parts.push_back({hindrance, kHindrancePart});
  while (true) {
    std::string line;
    for (const auto& part : parts) line += (line.empty() ? "" : kSeparator) + part.text;
    if (WidthOf(line) <= columns) return line;
    if (parts.size() == 1) return CutTo(columns, line);
    parts.erase(std::min_element(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
      return a.importance < b.importance;
    }));
  }
}

void ProgressLine::Remember(const dynamodb::ScanStatistics& read, MonotonicTime now) {
  moments_.push_back({now, read});
  // One that is older stays, so that the window is full.
  while (moments_.size() > kMomentsMax ||
         (moments_.size() > 1 && moments_[1].at <= now - kRateWindow)) {
    moments_.pop_front();
  }
}

std::vector<ProgressLine::Part> ProgressLine::ScanParts(const engine::QueryProgress& progress,
                                                        const dynamodb::ScanStatistics& read,
                                                        MonotonicTime now) const {
  std::vector<Part> parts = {{NamesText(progress.scans), kNamePart}};
  parts.push_back({ShortText(static_cast<double>(read.items_scanned)) + " items", kItemsPart});
  parts.push_back({BytesText(static_cast<double>(read.bytes)), kBytesPart});
  parts.push_back({ShortText(read.consumed_read_units) + " RCU", kReadUnitsPart});
  const auto& before = moments_.front().read;
  const double seconds = std::chrono::duration<double>(now - moments_.front().at).count();
  if (seconds <= 0) return parts;
  const auto rate = [seconds](uint64_t then, uint64_t so_far) {
    return static_cast<double>(so_far - std::min(then, so_far)) / seconds;
  };
  parts.push_back(
      {ShortText(rate(before.items_scanned, read.items_scanned)) + " items/s", kItemsRatePart});
  parts.push_back({BytesText(rate(before.bytes, read.bytes)) + "/s", kBytesRatePart});
  return parts;
}

std::vector<ProgressLine::Part> ProgressLine::WorkParts(
    const engine::QueryProgress& progress, const dynamodb::ScanStatistics& read) const {
  const bool estimated = progress.percent > 0;
  std::vector<Part> parts = {
      {estimated ? "working " + PercentText(progress.percent) : "working", kNamePart}};
  if (progress.read.empty()) return parts;
  parts.push_back({ShortText(static_cast<double>(read.items_scanned)) + " items read", kItemsPart});
  parts.push_back({BytesText(static_cast<double>(read.bytes)), kBytesPart});
  parts.push_back({ShortText(read.consumed_read_units) + " RCU", kReadUnitsPart});
  return parts;
}

std::string ProgressLine::Hindrance(const dynamodb::ScanStatistics& read, MonotonicTime now) const {
  const auto recent = std::find_if(moments_.begin(), moments_.end(), [now](const auto& moment) {
    return moment.at >= now - kHindranceWindow;
  });
  if (recent == moments_.end()) return "";
  const auto throttles = [](const dynamodb::ScanStatistics& statistics) {
    return statistics.throttles_of_key_range + statistics.throttles_of_table;
  };
  if (throttles(read) > throttles(recent->read)) return "throttled";
  // Most of the time: a scan that is held to a rate always waits a little.
  const auto waited = read.capacity_wait - std::min(read.capacity_wait, recent->read.capacity_wait);
  const auto passed = std::chrono::duration_cast<milliseconds>(now - recent->at);
  return passed.count() > 0 && 2 * waited > passed ? "waits for capacity" : "";
}

}  // namespace sumac::cli
