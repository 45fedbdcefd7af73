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

// An error may be older than the request. It is new when an attempt has ended since.
bool HasFailedSince(const ListedDataset& before, const ListedDataset& now) {
  if (now.error_message.empty() || now.state == kRefreshing) return false;
  return now.attempted_at != before.attempted_at;
}

}  // namespace

Result<server::ListedCopy> WaitForRefresh(const ListedDataset& before, const LookAtDataset& look,
                                          const std::function<void()>& pause,
                                          const std::atomic<bool>* cancelled) {
  while (true) {
    if (cancelled != nullptr && *cancelled) {
      return Fail(CancelledError("Waiting was cancelled; the refresh goes on."));
    }
    SUMAC_ASSIGN_OR_RETURN(const auto now, look());
    if (IsReadSince(before, now)) return *now.copy;
    if (HasFailedSince(before, now)) {
      return Fail(ErrorCode::kUnavailable, now.error_message);
    }
    pause();
  }
}

}  // namespace sumac::cli
