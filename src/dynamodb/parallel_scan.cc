#include "dynamodb/parallel_scan.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

namespace sumac::dynamodb {
namespace {

constexpr auto kInterruptPoll = std::chrono::milliseconds(20);

}  // namespace

// Callbacks hold a weak reference: what arrives after the scan is gone is dropped.
class ParallelScan::State : public std::enable_shared_from_this<State> {
 public:
  State(std::shared_ptr<Client> client, ScanRequest request, ParallelScanOptions options)
      : client_(std::move(client)), request_(std::move(request)), options_(options) {
    options_.total_segments = std::max(1, options_.total_segments);
    options_.concurrency = std::clamp(options_.concurrency, 1, options_.total_segments);
    options_.pages_buffered_max = std::max(1, options_.pages_buffered_max);
  }

  void Start() {
    std::lock_guard lock(mutex_);
    StartRequests();
  }

  Result<std::optional<Page>> Next(const std::function<bool()>& interrupted) {
    std::unique_lock lock(mutex_);
    while (true) {
      if (error_) return Fail(*error_);
      if (!pages_.empty()) {
        std::optional<Page> page = std::move(pages_.front());
        pages_.pop_front();
        StartRequests();
        return page;
      }
      if (segments_finished_ == options_.total_segments) return std::optional<Page>();
      lock.unlock();
      if (interrupted()) return Fail(CancelledError());
      lock.lock();
      if (!error_ && pages_.empty() && segments_finished_ < options_.total_segments) {
        changed_.wait_for(lock, kInterruptPoll);
      }
    }
  }

  void Cancel() {
    std::lock_guard lock(mutex_);
    StopWith(CancelledError());
  }

  ScanStatistics Statistics() const {
    std::lock_guard lock(mutex_);
    return statistics_;
  }

 private:
  struct Segment {
    int number = 0;
    std::string start_key;
  };

  // Starts as many requests as the bounds allow: segments that were begun go on first. Called with
  // the lock held; Client::Scan never calls back from within.
  void StartRequests() {
    while (!error_ && static_cast<int>(calls_.size()) < options_.concurrency &&
           static_cast<int>(pages_.size()) < options_.pages_buffered_max) {
      Segment segment;
      // Segments begun and not finished never exceed the concurrency: one that waits for room in
      // the queue is among paused_.
      if (!paused_.empty()) {
        segment = std::move(paused_.front());
        paused_.pop_front();
      } else if (next_segment_ < options_.total_segments) {
        segment.number = next_segment_++;
      } else {
        return;
      }
      Request(std::move(segment));
    }
  }

  void Request(Segment segment) {
    ScanRequest request = request_;
    request.segment = segment.number;
    request.total_segments = options_.total_segments;
    request.exclusive_start_key = std::move(segment.start_key);
    calls_[segment.number] = client_->Scan(
        request, [weak = weak_from_this(), number = segment.number](Result<Page> page) {
          if (const auto self = weak.lock()) self->OnPage(number, std::move(page));
        });
  }

  void OnPage(int number, Result<Page> page) {
    // The handle must not be destroyed under the lock while its own callback runs; let it go last.
    std::shared_ptr<Client::Call> call;
    std::lock_guard lock(mutex_);
    const auto found = calls_.find(number);
    if (found != calls_.end()) {
      call = std::move(found->second);
      calls_.erase(found);
    }
    if (error_) return;
    if (!page) {
      StopWith(std::move(page).error());
      return;
    }
    statistics_.pages += 1;
    statistics_.items += page->count;
    statistics_.items_scanned += page->scanned_count;
    statistics_.bytes += page->body.size();
    statistics_.consumed_read_units += page->consumed_read_units;
    if (page->last_evaluated_key.empty()) {
      ++segments_finished_;
    } else {
      paused_.push_back({number, page->last_evaluated_key});
    }
    if (page->count > 0) pages_.push_back(*std::move(page));
    StartRequests();
    changed_.notify_all();
  }

  // Called with the lock held.
  void StopWith(Error error) {
    if (!error_) error_ = std::move(error);
    pages_.clear();
    paused_.clear();
    // Dropping a handle cancels its request, and its callback does not begin any more.
    calls_.clear();
    changed_.notify_all();
  }

  const std::shared_ptr<Client> client_;
  const ScanRequest request_;
  ParallelScanOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Page> pages_;
  std::deque<Segment> paused_;  // begun, not finished, without a request under way
  std::map<int, std::shared_ptr<Client::Call>> calls_;  // by segment
  int next_segment_ = 0;
  int segments_finished_ = 0;
  std::optional<Error> error_;
  ScanStatistics statistics_;
};

ParallelScan::ParallelScan(std::shared_ptr<Client> client, ScanRequest request,
                           ParallelScanOptions options)
    : state_(std::make_shared<State>(std::move(client), std::move(request), options)) {
  state_->Start();
}

ParallelScan::~ParallelScan() {
  state_->Cancel();
}

Result<std::optional<Page>> ParallelScan::Next(const std::function<bool()>& interrupted) {
  return state_->Next(interrupted);
}

void ParallelScan::Cancel() {
  state_->Cancel();
}

ScanStatistics ParallelScan::Statistics() const {
  return state_->Statistics();
}

}  // namespace sumac::dynamodb
