#include "dynamodb/checkpoint_pages.h"

#include <utility>

namespace sumac::dynamodb {
namespace {

Result<Page> ReadPage(const CheckpointFile& file, const RecordPlace& place) {
  std::string record;
  CheckpointPage kept;
  if (!file.ReadRecord(place.offset, record) || record.size() != place.bytes ||
      !ReadPageRecord(record, kept)) {
    return Fail(LostPage("'" + file.path() + "' holds something else than was written"));
  }
  record = std::string();
  SUMAC_ASSIGN_OR_RETURN(auto page, RestorePage(kept.page));
  page.segment = kept.segment;
  page.page_of_segment = kept.page_of_segment;
  return page;
}

}  // namespace

Result<std::optional<Page>> CheckpointPages::Next(const std::function<bool()>&) {
  std::unique_lock lock(mutex_);
  if (error_) return Fail(*error_);
  if (next_ == places_.size()) {
    LetGoWhenDone();
    return std::optional<Page>();
  }
  const auto place = places_[next_++];
  // Others may be at the last page while this one is read.
  const auto file = file_;
  lock.unlock();
  auto page = ReadPage(*file, place);
  lock.lock();
  if (!page) {
    if (!error_) error_ = page.error();
    file_.reset();
    return Fail(page.error());
  }
  statistics_.pages += 1;
  statistics_.items += page->count;
  statistics_.items_scanned += page->scanned_count;
  statistics_.bytes += page->body.size();
  statistics_.bytes_on_wire += page->bytes_on_wire;
  statistics_.consumed_read_units += page->consumed_read_units;
  LetGoWhenDone();
  return std::optional<Page>(*std::move(page));
}

void CheckpointPages::Cancel() {
  std::lock_guard lock(mutex_);
  if (!error_) error_ = CancelledError();
  file_.reset();
}

ScanStatistics CheckpointPages::Statistics() const {
  std::lock_guard lock(mutex_);
  return statistics_;
}

ScanProgress CheckpointPages::Progress() const {
  std::lock_guard lock(mutex_);
  ScanProgress progress;
  progress.statistics = statistics_;
  const auto all = static_cast<double>(places_.size());
  progress.fraction = all > 0 ? static_cast<double>(statistics_.pages) / all : 1.0;
  return progress;
}

// Called with the lock held. Whoever still holds this, others can have the file then.
void CheckpointPages::LetGoWhenDone() {
  if (next_ == places_.size()) file_.reset();
}

}  // namespace sumac::dynamodb
