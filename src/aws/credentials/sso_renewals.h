// Who renews the token of an SSO session: one at a time for each file of a token, because a refresh
// token can be used once.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"

namespace sumac::aws {

// Of one file. Held while the token is read, renewed and written back.
struct SsoRenewal {
  std::timed_mutex mutex;
  std::optional<MonotonicTime> tried_at;  // guarded
};

// Thread-safe. One for the process: several profiles may share a session.
class SsoRenewals {
 public:
  std::shared_ptr<SsoRenewal> Of(const std::string& token_path) {
    std::lock_guard lock(mutex_);
    auto& renewal = renewals_[token_path];
    if (!renewal) renewal = std::make_shared<SsoRenewal>();
    return renewal;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<SsoRenewal>> renewals_;  // guarded
};

}  // namespace sumac::aws
