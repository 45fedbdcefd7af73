#include "dynamodb/parallel_scan.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>

#include "dynamodb/scan_progress.h"
#include "dynamodb/scan_retry.h"
#include "dynamodb/scan_segments.h"

namespace sumac::dynamodb {
namespace {

constexpr auto kInterruptPoll = std::chrono::milliseconds(20);
// 1 MB, eventually consistent.
constexpr double kUnitsOfAPage = 128;
// A BatchGetItem that brought this much of one partition leaves the rest for another request.
// Source: API_BatchGetItem in the DynamoDB API reference.
constexpr size_t kFullAnswerBytes = 1 << 20;

uint64_t SeedOf(const Client& client) {
  const uint64_t seed = client.options().random_seed;
  return seed != 0 ? seed : std::random_device()();
}

bool IsScan(const ScanRequest& request) {
  return !request.key_condition && !request.keys;
}

int SegmentsOf(const std::vector<ScanRequest>& requests, const ParallelScanOptions& options) {
  if (!IsScan(requests[0])) return static_cast<int>(requests.size());
  if (options.row_goal && IsOnePage(*options.row_goal, options.units_per_item)) return 1;
  return std::max(1, options.total_segments);
}

Error TimeIsUp(const std::string& table_name, uint64_t pages) {
  Error error;
  error.code = ErrorCode::kDeadlineExceeded;
  error.blame = Blame::kUser;
  error.message = "the time given to read table '" + table_name + "' ran out after " +
                  std::to_string(pages) + " pages; give more time, or read less";
  return error;
}

Error BudgetIsSpent(const std::string& table_name) {
  return UserError(ErrorCode::kResourceExhausted,
                   "the read units given to read table '" + table_name + "' are spent");
}

}  // namespace

// Callbacks hold a weak reference: what arrives after the scan is gone is dropped. The lock of the
// capacity is taken within this one, never the other way round.
class ParallelScan::State : public std::enable_shared_from_this<State> {
 public:
  State(std::shared_ptr<Client> client, std::vector<ScanRequest> requests,
        ParallelScanOptions options)
      : client_(std::move(client)),
        clock_(client_->clock()),
        started_at_(clock_->MonotonicNow()),
        requests_(std::move(requests)),
        items_expected_(options.items_expected),
        deadline_(options.deadline),
        budget_(std::move(options.budget)),
        on_page_(std::move(options.on_page)),
        empty_pages_(options.empty_pages),
        items_resumed_(options.resumption.items_scanned),
        segments_(SegmentsOf(requests_, options), std::move(options.resumption.segments)),
        streams_(options.streams),
        buffer_(std::move(options.buffer)),
        cost_(options.units_per_item, requests_[0].consistent_read),
        random_(SeedOf(*client_)),
        progress_(started_at_, FractionRead(Position())),
        capacity_(std::move(options.capacity)) {
    if (options.row_goal) {
      goal_.emplace(*options.row_goal, segments_.total(), options.units_per_item);
    }
    if (!capacity_) capacity_ = std::make_shared<ReadCapacity>(client_->transport(), clock_);
    for (auto& request : requests_) {
      request.retry = false;
      request.total_segments = segments_.total();
    }
  }

  void Start() {
    std::lock_guard lock(mutex_);
    if (segments_.AllDone()) return;
    share_ = capacity_->Join([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->OnCapacity();
    });
    StartRequests();
  }

  Result<Taken> TryNext() {
    std::lock_guard lock(mutex_);
    return TakeNext();
  }

  Result<std::optional<Page>> Next(const std::function<bool()>& interrupted) {
    std::unique_lock lock(mutex_);
    while (true) {
      SUMAC_ASSIGN_OR_RETURN(auto taken, TakeNext());
      if (taken.page || taken.at_end) return std::move(taken.page);
      lock.unlock();
      if (interrupted()) return Fail(CancelledError());
      lock.lock();
      if (!error_ && buffer_.Empty() && !segments_.AllDone()) {
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
    return StatisticsNow();
  }

  ScanProgress Progress() const {
    std::lock_guard lock(mutex_);
    const auto now = clock_->MonotonicNow();
    ScanProgress progress;
    progress.statistics = StatisticsNow();
    progress.streams = static_cast<int>(calls_.size());
    progress.segments_done = segments_.done();
    progress.segments_total = segments_.total();
    progress.fraction =
        progress_.Advance(FractionRead(Position()), segments_.AllDone() && buffer_.Empty());
    progress.time_left = progress_.TimeLeft(now);
    const double seconds = std::chrono::duration<double>(now - started_at_).count();
    if (seconds > 0) {
      progress.items_per_second = static_cast<double>(statistics_.items_scanned) / seconds;
    }
    return progress;
  }

 private:
  struct Request {
    ScanSegment segment;
    PageOrder order;
    uint64_t room = 0;
    uint64_t round = 0;
    MonotonicTime sent_at;
    int goal_items = 0;  // asked for on behalf of the goal
    std::shared_ptr<Client::Call> call;
  };

  // All of these are called with the lock held.

  // With what was read before this scan.
  ScanPosition Position() const {
    ScanPosition position;
    position.segments_done = segments_.done();
    position.segments_begun = segments_.begun();
    position.segments_total = segments_.total();
    position.pages = segments_.pages_resumed() + statistics_.pages;
    position.pages_of_segments_done = segments_.pages_of_done();
    position.items_scanned = items_resumed_ + statistics_.items_scanned;
    position.items_expected = items_expected_;
    return position;
  }

  Result<Taken> TakeNext() {
    if (!error_ && deadline_ && clock_->MonotonicNow() >= *deadline_) {
      StopWith(TimeIsUp(requests_[0].table_name, statistics_.pages));
    }
    if (error_) return Fail(*error_);
    Taken taken;
    taken.page = buffer_.Take();
    if (taken.page) {
      StartRequests();
    } else if (segments_.AllDone()) {
      taken.at_end = true;
    } else if (budget_binds_) {
      StartRequests();
      if (budget_binds_ && !budget_->IsUnderWay()) {
        StopWith(BudgetIsSpent(requests_[0].table_name));
        return Fail(*error_);
      }
    } else if (streams_bind_) {
      streams_.OnReaderWaits();
      StartRequests();
    } else if (goal_binds_ && calls_.empty()) {
      goal_->OnReaderWaits();
      StartRequests();
    }
    return taken;
  }

  void StartRequests() {
    streams_bind_ = false;
    budget_binds_ = false;
    goal_binds_ = false;
    while (StartRequest()) {
    }
  }

  // Client::Scan never calls back from within.
  bool StartRequest() {
    const auto now = clock_->MonotonicNow();
    const auto room = MakeRoom();
    auto order = room ? share_->TryTake(cost_) : std::nullopt;
    NoteCapacityWait(room && !order, now);
    if (!order) {
      if (room) buffer_.Forget(*room);
      return false;
    }
    auto segment = *segments_.Take();
    order = WithinBudget(*order, RequestOf(segment));
    if (!order) {
      segments_.Repeat(std::move(segment));
      buffer_.Forget(*room);
      return false;
    }
    Request request{std::move(segment), *order, *room, streams_.Round(), now, 0, nullptr};
    CutToGoal(request);
    Send(std::move(request));
    return true;
  }

  // For one more answer, if there is something to ask for; nothing when it has to wait.
  std::optional<uint64_t> MakeRoom() {
    if (error_ || !segments_.HasOne()) return std::nullopt;
    goal_binds_ = goal_ && !goal_->WantsMore();
    if (goal_binds_) return std::nullopt;
    streams_bind_ = static_cast<int>(calls_.size()) >= streams_.Width();
    if (streams_bind_) return std::nullopt;
    return buffer_.Expect(streams_.Width());
  }

  std::optional<PageOrder> WithinBudget(const PageOrder& order, const ScanRequest& request) {
    if (!budget_) return order;
    std::optional<PageOrder> within;
    if (request.keys) {
      // Keys are got together, and each is rounded up.
      const double of_one = std::max(cost_.Order(0).units, request.consistent_read ? 1.0 : 0.5);
      const double units = static_cast<double>(request.keys->size()) * of_one;
      if (budget_->TryTake(units)) within = PageOrder{std::nullopt, units};
    } else {
      within = budget_->TryTake(order, cost_);
    }
    budget_binds_ = !within;
    // What is paid for here and not asked for.
    const double too_much = order.units - (within ? within->units : 0);
    if (too_much > 0) share_->GiveBack({std::nullopt, too_much});
    return within;
  }

  void CutToGoal(Request& request) {
    const auto items = goal_ ? goal_->ItemsMax() : std::nullopt;
    if (!items) return;
    auto& items_max = request.order.items_max;
    items_max = items_max ? std::min(*items_max, *items) : *items;
    request.goal_items = *items_max;
    goal_->OnSent(request.goal_items);
  }

  void NoteCapacityWait(bool waits, MonotonicTime now) {
    if (waiting_since_) capacity_wait_ += now - *waiting_since_;
    waiting_since_.reset();
    if (waits) waiting_since_ = now;
  }

  const ScanRequest& RequestOf(const ScanSegment& segment) const {
    return requests_[IsScan(requests_[0]) ? 0 : static_cast<size_t>(segment.number)];
  }

  void Send(Request sent) {
    ScanRequest request = RequestOf(sent.segment);
    request.segment = sent.segment.number;
    request.exclusive_start_key = sent.segment.start_key;
    if (sent.order.items_max) request.page_limit_items = sent.order.items_max;
    sent.call = client_->Scan(
        request, [weak = weak_from_this(), number = sent.segment.number](Result<Page> page) {
          if (const auto self = weak.lock()) self->OnAnswer(number, std::move(page));
        });
    calls_[sent.segment.number] = std::move(sent);
    statistics_.streams_most = std::max(statistics_.streams_most, static_cast<int>(calls_.size()));
  }

  void OnPage(Request& sent, Page page) {
    const double units = page.consumed_read_units;
    share_->Settle(sent.order, units);
    if (budget_) budget_->Settle(sent.order.units, units);
    if (on_page_) on_page_(RequestOf(sent.segment), page);
    cost_.OnPage(page.scanned_count, units, sent.order.items_max.has_value());
    if (goal_) {
      goal_->OnPage(sent.goal_items, page.scanned_count, page.count,
                    page.last_evaluated_key.empty());
    }
    // Servers that do not say the cost have pages of one size as well.
    streams_.OnAnswer(sent.round, units > 0 ? units : kUnitsOfAPage,
                      clock_->MonotonicNow() - sent.sent_at);
    statistics_.pages += 1;
    statistics_.items += page.count;
    statistics_.items_scanned += page.scanned_count;
    statistics_.bytes += page.body.size();
    statistics_.bytes_on_wire += page.bytes_on_wire;
    statistics_.consumed_read_units += units;
    auto& segment = sent.segment;
    page.page_of_segment = segment.pages;
    segment.pages += 1;
    segment.failures = 0;
    if (page.last_evaluated_key.empty()) {
      segments_.Finish(segment);
      // The turns of the others come sooner.
      if (segments_.AllDone()) share_.reset();
    } else {
      GoOn(std::move(segment), page);
    }
    if (page.count > 0 || empty_pages_) {
      buffer_.Add(sent.room, std::move(page));
    } else {
      buffer_.Forget(sent.room);
    }
  }

  void GoOn(ScanSegment segment, const Page& page) {
    segment.start_key = page.last_evaluated_key;
    // Keys that were left though the answer was not full: their key range is throttled.
    if (requests_[0].keys && page.body.size() < kFullAnswerBytes) {
      ++statistics_.throttles_of_key_range;
      const auto delay = DelayOfUnprocessed(UnitRandom(), segment);
      Delay(std::move(segment), delay);
      return;
    }
    segment.throttles = 0;
    segments_.GoOn(std::move(segment));
  }

  void Delay(ScanSegment segment, std::chrono::milliseconds delay) {
    const auto timer =
        client_->transport()->After(delay, [weak = weak_from_this(), number = segment.number] {
          if (const auto self = weak.lock()) self->OnDelayOver(number);
        });
    segments_.Delay(std::move(segment), timer);
  }

  void OnFailure(Request& sent, Error error) {
    buffer_.Forget(sent.room);
    if (budget_) budget_->GiveBack(sent.order.units);
    if (goal_) goal_->OnFailure(sent.goal_items);
    if (error.retryable && deadline_ && clock_->MonotonicNow() >= *deadline_) {
      StopWith(TimeIsUp(requests_[0].table_name, statistics_.pages));
      return;
    }
    auto& segment = sent.segment;
    const auto retry = DecideOnRetry(error, client_->options().retry, UnitRandom(), segment);
    const bool throttled = error.code == ErrorCode::kThrottled;
    if (retry.kind == ScanRetry::Kind::kGiveUp) {
      if (error.retryable) {
        error.message += "; gave up after " + std::to_string(kPageAttemptsMax) + " attempts";
      }
      StopWith(std::move(error));
      return;
    }
    streams_.OnAnswer(sent.round, 0, clock_->MonotonicNow() - sent.sent_at);
    if (retry.kind == ScanRetry::Kind::kWaitForTurn) {
      ++statistics_.throttles_of_table;
      streams_.OnTableThrottle();
      share_->OnTableThrottle(sent.sent_at);
      segments_.Repeat(std::move(segment));
      return;
    }
    ++(throttled ? statistics_.throttles_of_key_range : statistics_.failures);
    // A lost answer may have been served, and is paid for.
    if (throttled) share_->GiveBack(sent.order);
    Delay(std::move(segment), retry.delay);
  }

  void StopWith(Error error) {
    if (!error_) error_ = std::move(error);
    for (const auto& [number, sent] : calls_) LeaveToService(sent);
    // Dropping a handle cancels its request, and its callback does not begin any more.
    calls_.clear();
    segments_.Clear(*client_->transport());
    buffer_.Clear();
    share_.reset();
    changed_.notify_all();
  }

  // Nobody waits for its answer any more. A request that is dropped may be served all the same.
  void LeaveToService(const Request& sent) {
    if (!budget_) return;
    if (error_->code == ErrorCode::kCancelled) {
      budget_->Settle(sent.order.units, 0);
    } else {
      budget_->GiveBack(sent.order.units);
    }
  }

  ScanStatistics StatisticsNow() const {
    auto statistics = statistics_;
    auto wait = capacity_wait_;
    if (waiting_since_ && !error_) wait += clock_->MonotonicNow() - *waiting_since_;
    statistics.capacity_wait = std::chrono::duration_cast<std::chrono::milliseconds>(wait);
    return statistics;
  }

  double UnitRandom() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

  // These run on the transport's thread and take the lock.

  void OnAnswer(int number, Result<Page> page) {
    // The handle must not be destroyed under the lock while its own callback runs; let it go last.
    Request sent;
    std::lock_guard lock(mutex_);
    const auto found = calls_.find(number);
    if (error_ || found == calls_.end()) return;
    sent = std::move(found->second);
    calls_.erase(found);
    if (page) {
      OnPage(sent, *std::move(page));
    } else {
      OnFailure(sent, std::move(page).error());
    }
    StartRequests();
    changed_.notify_all();
  }

  void OnDelayOver(int number) {
    std::lock_guard lock(mutex_);
    segments_.Resume(number);
    StartRequests();
  }

  void OnCapacity() {
    std::lock_guard lock(mutex_);
    StartRequests();
  }

  const std::shared_ptr<Client> client_;
  const std::shared_ptr<const Clock> clock_;
  const MonotonicTime started_at_;
  // One for all segments, or queries, one for each. Constant after the constructor.
  std::vector<ScanRequest> requests_;
  const uint64_t items_expected_;
  const std::optional<MonotonicTime> deadline_;
  const std::shared_ptr<ReadBudget> budget_;
  const std::function<void(const ScanRequest&, const Page&)> on_page_;
  const bool empty_pages_;
  const uint64_t items_resumed_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // All below is guarded.
  ScanSegments segments_;
  StreamController streams_;
  PageBuffer buffer_;
  PageCost cost_;
  std::mt19937_64 random_;
  std::map<int, Request> calls_;  // by segment
  // Only the number of streams kept the last request from being started.
  bool streams_bind_ = false;
  // The budget has no page for the next request.
  bool budget_binds_ = false;
  std::optional<RowGoal> goal_;
  // Only the goal kept it.
  bool goal_binds_ = false;
  std::optional<MonotonicTime> waiting_since_;
  MonotonicTime::duration capacity_wait_{0};
  std::optional<Error> error_;
  ScanStatistics statistics_;
  mutable ProgressClock progress_;
  std::shared_ptr<ReadCapacity> capacity_;
  std::unique_ptr<ReadCapacity::Share> share_;  // null once nothing is to be asked for any more
};

ParallelScan::ParallelScan(std::shared_ptr<Client> client, ScanRequest request,
                           ParallelScanOptions options)
    : ParallelScan(std::move(client), std::vector<ScanRequest>{std::move(request)},
                   std::move(options)) {}

ParallelScan::ParallelScan(std::shared_ptr<Client> client, std::vector<ScanRequest> queries,
                           ParallelScanOptions options)
    : state_(std::make_shared<State>(std::move(client), std::move(queries), std::move(options))) {
  state_->Start();
}

ParallelScan::~ParallelScan() {
  state_->Cancel();
}

Result<std::optional<Page>> ParallelScan::Next(const std::function<bool()>& interrupted) {
  return state_->Next(interrupted);
}

Result<ParallelScan::Taken> ParallelScan::TryNext() {
  return state_->TryNext();
}

void ParallelScan::Cancel() {
  state_->Cancel();
}

ScanStatistics ParallelScan::Statistics() const {
  return state_->Statistics();
}

ScanProgress ParallelScan::Progress() const {
  return state_->Progress();
}

}  // namespace sumac::dynamodb
