#include "cli/refresh_wait.h"

namespace sumac::cli {
namespace {

using server::ListedDataset;

constexpr char kRefreshing[] = "Refreshing";

// A refresh that ran when this one was asked for may have read what is out of date by now: it does
// not count, although it makes the copy newer.
bool IsReadSince(const ListedDataset& before, const ListedDataset& now) {
  return now.copy && (!before.copy || now.copy->read_at >= before.copy->ListedAt());
}

// An error may be older than the request. It is new when its text or the time of the next attempt
// is, or when the dataset was seen at work since.
bool HasFailedSince(const ListedDataset& before, const ListedDataset& now, bool seen_at_work) {
  if (now.error_message.empty() || now.state == kRefreshing) return false;
  return seen_at_work || now.error_message != before.error_message ||
         now.next_refresh != before.next_refresh;
}

}  // namespace

Result<server::ListedCopy> WaitForRefresh(const ListedDataset& before, const LookAtDataset& look,
                                          const std::function<void()>& pause,
                                          const std::atomic<bool>* cancelled) {
  bool seen_at_work = false;
  while (true) {
    if (cancelled != nullptr && *cancelled) {
      return Fail(CancelledError("Waiting was cancelled; the refresh goes on."));
    }
    SUMAC_ASSIGN_OR_RETURN(const auto now, look());
    if (IsReadSince(before, now)) return *now.copy;
    if (HasFailedSince(before, now, seen_at_work)) {
      return Fail(ErrorCode::kUnavailable, now.error_message);
    }
    seen_at_work = seen_at_work || now.state == kRefreshing;
    pause();
  }
}

}  // namespace sumac::cli
