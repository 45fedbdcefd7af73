// Waits for the refresh of a copy that a server was asked for.
#pragma once

#include <atomic>
#include <functional>

#include "base/result.h"
#include "server/client/server_client.h"

namespace sumac::cli {

// The dataset as the server lists it now.
using LookAtDataset = std::function<Result<server::ListedDataset>()>;

// Looks, and calls `pause` between two looks, until the dataset serves a copy that was read since
// it was listed as `before`, which was before the refresh was asked for. Without end but for
// `cancelled`. Errors: kCancelled, those of looking, kUnavailable (the refresh failed, in the
// server's words).
Result<server::ListedCopy> WaitForRefresh(const server::ListedDataset& before,
                                          const LookAtDataset& look,
                                          const std::function<void()>& pause,
                                          const std::atomic<bool>* cancelled);

}  // namespace sumac::cli
