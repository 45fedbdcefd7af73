#include "datasets/load_progress.h"

#include <utility>

#include <fmt/format.h>

#include "engine/progress_text.h"

namespace sumac::datasets {
namespace {

constexpr std::chrono::seconds kInterval{10};

}  // namespace

std::string LoadProgressText(const std::string& dataset_name,
                             const dynamodb::ScanProgress& progress) {
  std::string text = fmt::format("Loading dataset {}: ", dataset_name);
  if (progress.fraction) text += fmt::format("{}%, ", static_cast<int>(100 * *progress.fraction));
  text += engine::CostText(progress.statistics);
  text += fmt::format(", {} items/s", engine::ShortText(progress.items_per_second));
  if (progress.time_left) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*progress.time_left);
    text += fmt::format(", {} left", engine::DurationText(seconds));
  }
  return text;
}

SpeakingPages::SpeakingPages(dynamodb::PageSource& pages, std::string dataset_name,
                             std::shared_ptr<const Clock> clock,
                             std::function<void(const std::string&)> say)
    : pages_(pages),
      dataset_name_(std::move(dataset_name)),
      clock_(std::move(clock)),
      say_(std::move(say)),
      next_(clock_->MonotonicNow() + kInterval) {}

Result<std::optional<dynamodb::Page>> SpeakingPages::Next(
    const std::function<bool()>& interrupted) {
  SpeakWhenDue();
  return pages_.Next([this, &interrupted] {
    SpeakWhenDue();
    return interrupted();
  });
}

void SpeakingPages::SpeakWhenDue() {
  // Another worker that is at it says the same.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock() || clock_->MonotonicNow() < next_) return;
  next_ = clock_->MonotonicNow() + kInterval;
  say_(LoadProgressText(dataset_name_, pages_.Progress()));
}

}  // namespace sumac::datasets
