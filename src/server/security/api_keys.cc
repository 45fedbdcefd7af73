#include "server/security/api_keys.h"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "spicepod/secrets.h"

namespace sumac::server {
namespace {

constexpr std::string_view kReadSuffix = ":ro";
constexpr std::string_view kReadWriteSuffix = ":rw";

Access TakeAccess(std::string_view& key) {
  if (key.ends_with(kReadWriteSuffix)) {
    key.remove_suffix(kReadWriteSuffix.size());
    return Access::kReadWrite;
  }
  if (key.ends_with(kReadSuffix)) key.remove_suffix(kReadSuffix.size());
  return Access::kRead;
}

// Others cannot be sent in a header.
bool IsPrintable(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

ApiKey::Digest DigestOf(std::string_view key) {
  ApiKey::Digest digest{};
  unsigned int size = 0;
  EVP_Digest(key.data(), key.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return digest;
}

}  // namespace

Result<ApiKeys> ApiKeys::Create(const std::vector<std::string>& keys) {
  ApiKeys made;
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto refuse = [i](std::string_view why) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("key {} {}", i + 1, why));
    };
    std::string_view key = keys[i];
    const Access access = TakeAccess(key);
    if (key.empty()) return refuse("is empty");
    if (!IsPrintable(key)) {
      return refuse("has a blank or another character that a header cannot carry");
    }
    if (made.Find(key)) return refuse("is there twice");
    made.keys_.push_back({DigestOf(key), access});
  }
  return made;
}

std::optional<ApiKey> ApiKeys::Find(std::string_view key) const {
  return FindDigest(DigestOf(key));
}

std::optional<ApiKey> ApiKeys::FindDigest(const ApiKey::Digest& digest) const {
  std::optional<ApiKey> found;
  // All of them, whichever it is.
  for (const ApiKey& known : keys_) {
    if (CRYPTO_memcmp(known.digest.data(), digest.data(), digest.size()) == 0) found = known;
  }
  return found;
}

Result<ApiKeys> LoadApiKeys(const spicepod::Spicepod& pod,
                            const std::map<std::string, std::string>& environment) {
  const auto& auth = pod.runtime.api_key_auth;
  if (!auth || !auth->enabled) return ApiKeys();
  const std::string where = auth->location.ToString() + ": runtime.auth.api-key";
  if (auth->keys.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                where + " is enabled and has no keys; list them under 'keys'");
  }
  auto resolver = spicepod::SecretResolver::Create(pod.secrets, pod.directory, environment);
  if (!resolver) return Fail(std::move(resolver).error());
  std::vector<std::string> keys;
  for (const auto& key : auth->keys) {
    auto resolved = resolver->Resolve(key);
    if (!resolved) {
      return Fail(std::move(resolved).error().WithContext(
          fmt::format("{}: key {}", where, keys.size() + 1)));
    }
    keys.push_back(resolved->value.Reveal());
  }
  auto made = ApiKeys::Create(keys);
  for (auto& key : keys) OPENSSL_cleanse(key.data(), key.size());
  if (!made) return Fail(std::move(made).error().WithContext(where));
  return made;
}

}  // namespace sumac::server
