// Who may call: API keys, and the tokens that a handshake gives for one.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "server/security/api_keys.h"

namespace sumac::server {

// Thread-safe. Tokens are forgotten an hour after their last use, and with their key; when there
// are too many, an old one goes.
class FlightAccess {
 public:
  static constexpr size_t kTokensMax = 10000;
  static constexpr std::chrono::seconds kIdle{3600};

  // `clock` outlives this.
  FlightAccess(std::shared_ptr<const CurrentApiKeys> keys, const Clock& clock)
      : keys_(std::move(keys)), clock_(clock) {}

  // The token for a client that shows `authorization`: "Basic base64(user:KEY)", whose user is not
  // looked at, or "Bearer KEY"; or, when that is empty, `password` of an older client. Without keys
  // everybody gets one. Error kUnauthenticated.
  Result<std::string> Begin(std::string_view authorization, std::string_view password);

  // What a call may do that shows `authorization`, as above or "Bearer TOKEN", or `api_key`. Error
  // kUnauthenticated.
  Result<Access> Check(std::string_view authorization, std::string_view api_key);

 private:
  struct Token {
    ApiKey::Digest key;
    MonotonicTime used_at;
  };
  static std::optional<ApiKey> FindKey(const ApiKeys& keys, std::string_view authorization);
  std::optional<ApiKey> UseToken(const ApiKeys& keys, const std::string& token);
  void ForgetOld();

  const std::shared_ptr<const CurrentApiKeys> keys_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Token> tokens_;
};

}  // namespace sumac::server
