#include "dynamodb/checkpoint_replay.h"

#include <utility>

namespace sumac::dynamodb {
namespace {

// As many as threads can hold, and many more.
constexpr size_t kWaitingMax = 10'000;

}  // namespace

bool CheckpointReplay::Add(CheckpointPage page, const RecordPlace& place) {
  if (page.segment < 0 || page.segment >= total_segments_) return false;
  auto& segment = segments_[page.segment];
  const uint64_t number = page.page_of_segment;
  if (segment.ended || number < segment.pages || segment.waiting.contains(number) ||
      segment.waiting.size() >= kWaitingMax) {
    return false;
  }
  page.page.body = std::string();
  segment.waiting.emplace(number, Waiting{std::move(page), place});
  while (!segment.ended) {
    const auto next = segment.waiting.find(segment.pages);
    if (next == segment.waiting.end()) break;
    Count(next->second, segment);
    segment.waiting.erase(next);
  }
  return true;
}

void CheckpointReplay::Count(const Waiting& counted, Segment& segment) {
  const auto& page = counted.page;
  segment.pages += 1;
  segment.ended = page.last_evaluated_key.empty();
  segment.next_key = page.last_evaluated_key;
  pages_ += 1;
  items_ += page.page.count;
  items_scanned_ += page.page.scanned_count;
  body_bytes_ += page.page.body_bytes;
  if (page.page.count > 0) places_.push_back(counted.place);
}

void CheckpointReplay::Continue() {
  for (auto& [number, segment] : segments_) segment.waiting.clear();
}

ScanResumption CheckpointReplay::Resumption() const {
  ScanResumption resumption;
  resumption.items_scanned = items_scanned_;
  for (const auto& [number, segment] : segments_) {
    if (segment.pages == 0) continue;
    resumption.segments.push_back({number, segment.pages, segment.next_key, segment.ended});
  }
  return resumption;
}

}  // namespace sumac::dynamodb
