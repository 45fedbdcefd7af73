#include "engine/scan/combined_pages.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "dynamodb/items_by_key.h"

namespace sumac::engine {

using dynamodb::PageSource;

Result<std::optional<dynamodb::Page>> LatePages::Next(const std::function<bool()>& interrupted) {
  auto source = Opened();
  if (!source) {
    std::lock_guard opening(opening_);
    source = Opened();
    if (!source) {
      source = open_();
      std::lock_guard lock(mutex_);
      source_ = source;
      if (cancelled_) source_->Cancel();
    }
  }
  return source->Next(interrupted);
}

void LatePages::Cancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (source_) source_->Cancel();
}

dynamodb::ScanStatistics LatePages::Statistics() const {
  const auto source = Opened();
  return source ? source->Statistics() : dynamodb::ScanStatistics();
}

dynamodb::ScanProgress LatePages::Progress() const {
  const auto source = Opened();
  return source ? source->Progress() : dynamodb::ScanProgress();
}

std::shared_ptr<PageSource> LatePages::Opened() const {
  std::lock_guard lock(mutex_);
  return source_;
}

bool IsMissingIndex(const Error& error) {
  return error.code == ErrorCode::kInvalidArgument &&
         error.message.find("does not have the specified index") != std::string::npos;
}

PagesOrElse::PagesOrElse(std::shared_ptr<PageSource> first, OpenOther open_other)
    : first_(std::move(first)), open_other_(std::move(open_other)), now_(first_) {}

Result<std::optional<dynamodb::Page>> PagesOrElse::Next(const std::function<bool()>& interrupted) {
  const auto source = Now();
  auto page = source->Next(interrupted);
  if (page) {
    if (page->has_value()) has_pages_ = true;
    return page;
  }
  const bool refused =
      page.error().code == ErrorCode::kPermissionDenied || IsMissingIndex(page.error());
  if (!refused || source != first_ || has_pages_) return page;
  {
    std::lock_guard lock(mutex_);
    if (now_ == first_) now_ = open_other_(page.error());
    if (cancelled_) now_->Cancel();
  }
  return Now()->Next(interrupted);
}

void PagesOrElse::Cancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  now_->Cancel();
}

std::shared_ptr<PageSource> PagesOrElse::Now() const {
  std::lock_guard lock(mutex_);
  return now_;
}

KeyedPages::KeyedPages(std::shared_ptr<PageSource> keys, size_t keys_max, OpenItems open_items,
                       Open open_other)
    : keys_(std::move(keys)),
      keys_max_(keys_max),
      open_items_(std::move(open_items)),
      open_other_(std::move(open_other)) {}

Result<std::optional<dynamodb::Page>> KeyedPages::Next(const std::function<bool()>& interrupted) {
  constexpr auto kInterruptPoll = std::chrono::milliseconds(20);
  std::unique_lock reading(reading_, std::defer_lock);
  std::shared_ptr<PageSource> items;
  while (!items) {
    if (!reading.owns_lock() && !reading.try_lock_for(kInterruptPoll) && interrupted()) {
      return Fail(CancelledError());
    }
    {
      std::lock_guard lock(mutex_);
      if (error_) return Fail(*error_);
      items = items_;
    }
    if (reading.owns_lock() && !items) SUMAC_RETURN_IF_ERROR(ReadKeys(interrupted));
  }
  if (reading.owns_lock()) reading.unlock();
  return items->Next(interrupted);
}

Status KeyedPages::ReadKeys(const std::function<bool()>& interrupted) {
  std::vector<std::string> keys;
  const auto fail = [this](Error error) -> Status {
    std::lock_guard lock(mutex_);
    error_ = error;
    return Fail(std::move(error));
  };
  while (keys.size() <= keys_max_) {
    auto page = keys_->Next(interrupted);
    if (!page) return fail(std::move(page).error());
    if (!page->has_value()) break;
    auto more = dynamodb::ItemTexts(**page);
    if (!more) return fail(std::move(more).error());
    keys.insert(keys.end(), std::make_move_iterator(more->begin()),
                std::make_move_iterator(more->end()));
  }
  // An item that was written meanwhile may have been met in two places.
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  const bool too_many = keys.size() > keys_max_;
  if (too_many) keys_->Cancel();
  std::lock_guard lock(mutex_);
  items_ = too_many ? open_other_() : open_items_(keys);
  if (cancelled_) items_->Cancel();
  return {};
}

void KeyedPages::Cancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  keys_->Cancel();
  if (items_) items_->Cancel();
}

dynamodb::ScanStatistics KeyedPages::Statistics() const {
  auto sum = keys_->Statistics();
  std::lock_guard lock(mutex_);
  if (!items_) return sum;
  // The items of the first step are the keys of the second.
  sum.items = 0;
  sum += items_->Statistics();
  return sum;
}

dynamodb::ScanProgress KeyedPages::Progress() const {
  dynamodb::ScanProgress progress;
  {
    std::lock_guard lock(mutex_);
    if (items_) progress = items_->Progress();
  }
  progress.statistics = Statistics();
  return progress;
}

}  // namespace sumac::engine
