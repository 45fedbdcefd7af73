// The segments of a scan between requests. Internal to dynamodb/.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "dynamodb/segment_order.h"
#include "net/transport.h"

namespace sumac::dynamodb {

struct ScanSegment {
  int number = 0;
  // Where the next page begins; empty at the start.
  std::string start_key;
  uint64_t pages = 0;
  // In a row, for the next page.
  int failures = 0;
  int throttles = 0;
};

// Not thread-safe.
class ScanSegments {
 public:
  explicit ScanSegments(int total) : total_(total), order_(total) {}

  // One to read on: those that were begun go first. Nothing when each is done, delayed or taken.
  std::optional<ScanSegment> Take() {
    std::optional<ScanSegment> segment;
    if (!ready_.empty()) {
      segment = std::move(ready_.front());
      ready_.pop_front();
    } else if (!order_.AtEnd()) {
      segment.emplace().number = order_.Next();
    }
    return segment;
  }
  bool HasOne() const { return !ready_.empty() || !order_.AtEnd(); }

  void GoOn(ScanSegment segment) { ready_.push_back(std::move(segment)); }
  // Before all others.
  void Repeat(ScanSegment segment) { ready_.push_front(std::move(segment)); }

  // Until Resume; `timer` is what will call it.
  void Delay(ScanSegment segment, net::OperationId timer) {
    const int number = segment.number;
    delayed_[number] = {std::move(segment), timer};
  }
  void Resume(int number) {
    const auto found = delayed_.find(number);
    if (found == delayed_.end()) return;
    Repeat(std::move(found->second.segment));
    delayed_.erase(found);
  }

  void Finish(const ScanSegment& segment) {
    ++done_;
    pages_of_done_ += segment.pages;
  }
  bool AllDone() const { return done_ == total_; }
  int done() const { return done_; }
  int begun() const { return order_.begun(); }
  int total() const { return total_; }
  uint64_t pages_of_done() const { return pages_of_done_; }

  // Drops what is ready or delayed, and its timers.
  void Clear(net::Transport& transport) {
    ready_.clear();
    for (const auto& [number, delayed] : delayed_) transport.Cancel(delayed.timer);
    delayed_.clear();
  }

 private:
  struct Delayed {
    ScanSegment segment;
    net::OperationId timer = 0;
  };

  int total_;
  SegmentOrder order_;
  std::deque<ScanSegment> ready_;  // begun, not finished, without a request under way
  std::map<int, Delayed> delayed_;
  int done_ = 0;
  uint64_t pages_of_done_ = 0;
};

}  // namespace sumac::dynamodb
