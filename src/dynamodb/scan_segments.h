// The segments of a scan between requests. Internal to dynamodb/.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dynamodb/scan_resumption.h"
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
  // Those in `resumed` were begun by another scan. REQUIRES: each of them once, below total.
  ScanSegments(int total, std::vector<ResumedSegment> resumed) : total_(total), order_(total) {
    for (auto& before : resumed) {
      ScanSegment segment;
      segment.number = before.number;
      segment.start_key = std::move(before.start_key);
      segment.pages = before.pages;
      resumed_.insert(before.number);
      pages_resumed_ += before.pages;
      if (before.ended) {
        Finish(segment);
      } else {
        GoOn(std::move(segment));
      }
    }
    begun_ = static_cast<int>(resumed_.size());
    FindNext();
  }

  // One to read on: those that were begun go first. Nothing when each is done, delayed or taken.
  std::optional<ScanSegment> Take() {
    std::optional<ScanSegment> segment;
    if (!ready_.empty()) {
      segment = std::move(ready_.front());
      ready_.pop_front();
    } else if (next_) {
      segment.emplace().number = *next_;
      ++begun_;
      FindNext();
    }
    return segment;
  }
  bool HasOne() const { return !ready_.empty() || next_; }

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
  int begun() const { return begun_; }
  int total() const { return total_; }
  uint64_t pages_of_done() const { return pages_of_done_; }
  // Those that another scan has read.
  uint64_t pages_resumed() const { return pages_resumed_; }

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

  void FindNext() {
    next_.reset();
    while (!next_ && !order_.AtEnd()) {
      const int number = order_.Next();
      if (!resumed_.contains(number)) next_ = number;
    }
  }

  int total_;
  SegmentOrder order_;
  std::set<int> resumed_;
  std::optional<int> next_;  // to be begun
  int begun_ = 0;
  std::deque<ScanSegment> ready_;  // begun, not finished, without a request under way
  std::map<int, Delayed> delayed_;
  int done_ = 0;
  uint64_t pages_of_done_ = 0;
  uint64_t pages_resumed_ = 0;
};

}  // namespace sumac::dynamodb
