// One question to a credential source over HTTP, with the few quick retries that a start-up can
// wait for.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "base/result.h"
#include "net/transport.h"

namespace sumac::aws {

struct FetchPolicy {
  int connect_timeout_ms = 2'000;
  // Bound on one attempt.
  int timeout_ms = 5'000;
  // Attempts in all, the first included.
  int attempts_max = 3;
  // Of these, how many may fail to connect at all: a host that is not there will not appear.
  int connect_attempts_max = 3;
  int backoff_base_ms = 100;
};

// Thread-safe. Shared by the providers of a process.
class ServiceFetch {
 public:
  // `random_seed` seeds the jitter; 0 takes one from the system.
  explicit ServiceFetch(std::shared_ptr<net::Transport> transport, uint64_t random_seed = 0);

  // Sends what `make` gives, anew for each attempt (a signature has a time), and returns the first
  // answer that `may_pass` does not call a passing trouble, or the last one. Blocks. Errors: those
  // of the Transport.
  Result<net::HttpResponse> Fetch(const std::function<net::HttpRequest()>& make,
                                  const FetchPolicy& policy, const std::atomic<bool>* cancelled,
                                  bool (*may_pass)(const net::HttpResponse&) = &IsBusyOrBroken);

  // 429 and 5xx.
  static bool IsBusyOrBroken(const net::HttpResponse& response);

 private:
  std::chrono::milliseconds Backoff(const FetchPolicy& policy, int retry);

  const std::shared_ptr<net::Transport> transport_;
  std::mutex mutex_;
  std::mt19937_64 random_;  // guarded
};

}  // namespace sumac::aws
