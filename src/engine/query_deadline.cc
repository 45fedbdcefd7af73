#include "engine/query_deadline.h"

#include <algorithm>
#include <string>

#include "engine/progress_text.h"

namespace sumac::engine {
namespace {

// A query that reads many datasets names the first ones only.
constexpr size_t kDatasetsNamed = 3;

}  // namespace

Error TimeIsUpError(const QueryDeadline& deadline, const QueryProgress& progress) {
  std::string read;
  size_t named = 0;
  for (const auto& [dataset, statistics] : progress.read) {
    if (named++ == kDatasetsNamed) {
      read += ", and " + std::to_string(progress.read.size() - kDatasetsNamed) + " datasets more";
      break;
    }
    read += (read.empty() ? "" : ", ") + ("dataset '" + dataset + "': ") + CostText(statistics);
  }
  return UserError(ErrorCode::kDeadlineExceeded,
                   "the query did not end within " + DurationText(deadline.timeout) +
                       "; read by then: " + (read.empty() ? "nothing from DynamoDB" : read) +
                       "; give it more time, or have it read less");
}

void DeadlineWatch::Start(duckdb::ClientContext& context, const Timers& timers,
                          const QueryDeadline& deadline) {
  Stop();
  std::lock_guard lock(mutex_);
  context_ = &context;
  timers_ = timers;
  deadline_ = deadline;
  if (timers.transport == nullptr || timers.clock == nullptr) return;
  // Rounded up, so that it is not early.
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(deadline.at - timers.clock->MonotonicNow());
  timer_ = timers.transport->After(std::max(rest, std::chrono::milliseconds(0)),
                                   [weak = weak_from_this(), number = number_] {
                                     if (const auto self = weak.lock()) self->OnTimer(number);
                                   });
}

void DeadlineWatch::Stop() {
  std::lock_guard lock(mutex_);
  ++number_;
  if (timer_ != 0) timers_.transport->Cancel(timer_);
  timer_ = 0;
  context_ = nullptr;
  deadline_.reset();
  interrupted_ = false;
}

std::optional<QueryDeadline> DeadlineWatch::deadline() const {
  std::lock_guard lock(mutex_);
  return deadline_;
}

bool DeadlineWatch::Passed() const {
  std::lock_guard lock(mutex_);
  return deadline_ && timers_.clock != nullptr && timers_.clock->MonotonicNow() >= deadline_->at;
}

bool DeadlineWatch::HasInterrupted() const {
  std::lock_guard lock(mutex_);
  return interrupted_;
}

void DeadlineWatch::OnTimer(uint64_t number) {
  std::lock_guard lock(mutex_);
  if (number != number_ || context_ == nullptr) return;
  interrupted_ = true;
  context_->Interrupt();
}

}  // namespace sumac::engine
