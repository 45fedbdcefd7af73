#include "server/flight/flight_access.h"

#include <algorithm>
#include <vector>

#include <openssl/evp.h>

#include "server/http/header_text.h"
#include "server/random_id.h"

namespace sumac::server {
namespace {

// The rest of `text` after "Scheme ", in any case; nothing when it has another scheme.
std::optional<std::string_view> AfterScheme(std::string_view text, std::string_view scheme) {
  if (text.size() <= scheme.size() || text[scheme.size()] != ' ') return std::nullopt;
  if (!EqualsIgnoreCase(text.substr(0, scheme.size()), scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

// The password of "user:password" in base64.
std::optional<std::string> PasswordOf(std::string_view base64) {
  constexpr size_t kBytesMax = 8 << 10;
  if (base64.size() % 4 != 0 || base64.empty() || base64.size() > kBytesMax) return std::nullopt;
  std::string text(base64.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(base64.data()),
                                   static_cast<int>(base64.size()));
  if (size < 0) return std::nullopt;
  // The padding is decoded as zeros.
  const auto padding = static_cast<size_t>(std::count(base64.end() - 2, base64.end(), '='));
  text.resize(static_cast<size_t>(size) - padding);
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return text.substr(colon + 1);
}

tl::unexpected<Error> Refused(std::string message) {
  return Fail(ErrorCode::kUnauthenticated, std::move(message));
}

}  // namespace

std::optional<ApiKey> FlightAccess::FindKey(const ApiKeys& keys, std::string_view authorization) {
  if (const auto bearer = AfterScheme(authorization, "Bearer")) return keys.Find(*bearer);
  if (const auto basic = AfterScheme(authorization, "Basic")) {
    if (const auto password = PasswordOf(*basic)) return keys.Find(*password);
  }
  return std::nullopt;
}

Result<std::string> FlightAccess::Begin(std::string_view authorization, std::string_view password) {
  const auto keys = keys_->Get();
  std::string token = RandomId();
  if (!keys->required()) return token;
  if (authorization.empty() && password.empty()) return Refused("Missing authorization header");
  const auto key = authorization.empty() ? keys->Find(password) : FindKey(*keys, authorization);
  if (!key) return Refused("Invalid credentials");
  std::lock_guard lock(mutex_);
  ForgetOld();
  tokens_[token] = {key->digest, clock_.MonotonicNow()};
  return token;
}

Result<Access> FlightAccess::Check(std::string_view authorization, std::string_view api_key) {
  const auto keys = keys_->Get();
  if (!keys->required()) return Access::kReadWrite;
  if (authorization.empty() && api_key.empty()) return Refused("Missing authorization header");
  std::optional<ApiKey> key;
  if (!api_key.empty()) key = keys->Find(api_key);
  if (!key) key = FindKey(*keys, authorization);
  if (const auto token = AfterScheme(authorization, "Bearer"); token && !key) {
    key = UseToken(*keys, std::string(*token));
  }
  if (!key) return Refused("Invalid credentials");
  return key->access;
}

std::optional<ApiKey> FlightAccess::UseToken(const ApiKeys& keys, const std::string& token) {
  std::lock_guard lock(mutex_);
  const auto found = tokens_.find(token);
  if (found == tokens_.end()) return std::nullopt;
  const MonotonicTime now = clock_.MonotonicNow();
  // What the key allows may have changed, too.
  auto key = keys.FindDigest(found->second.key);
  if (!key || now - found->second.used_at > kIdle) {
    tokens_.erase(found);
    return std::nullopt;
  }
  found->second.used_at = now;
  return key;
}

void FlightAccess::ForgetOld() {
  const MonotonicTime now = clock_.MonotonicNow();
  if (tokens_.size() < kTokensMax) return;
  std::erase_if(tokens_, [&](const auto& token) { return now - token.second.used_at > kIdle; });
  while (tokens_.size() >= kTokensMax) {
    tokens_.erase(
        std::min_element(tokens_.begin(), tokens_.end(), [](const auto& one, const auto& other) {
          return one.second.used_at < other.second.used_at;
        }));
  }
}

}  // namespace sumac::server
