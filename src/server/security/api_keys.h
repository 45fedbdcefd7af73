// The keys that clients of the servers show, and what each allows. HTTP and Flight ask the same
// object.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spicepod/spicepod.h"

namespace sumac::server {

// kRead asks and looks; kReadWrite also changes what the server does: refreshes, cancelled queries.
enum class Access { kRead, kReadWrite };

// A key that is known, of which only a digest is kept.
struct ApiKey {
  using Digest = std::array<unsigned char, 32>;
  Digest digest{};
  Access access = Access::kRead;
};

// Immutable, so thread-safe. It has digests only: no key can come out of it.
class ApiKeys {
 public:
  // A key as a Spicepod writes it: ending in `:ro` (as without an ending) or `:rw`. Errors:
  // kInvalidArgument, which says which of them is wrong by its number, and shows none.
  static Result<ApiKeys> Create(const std::vector<std::string>& keys);

  // No keys: everybody may do everything.
  ApiKeys() = default;

  // Whether a client has to show a key.
  bool required() const { return !keys_.empty(); }

  // Nothing for a key that is not known. How long that takes says nothing of how much of a key was
  // right, or which it was.
  std::optional<ApiKey> Find(std::string_view key) const;
  // The same for the digest of a key that was known once.
  std::optional<ApiKey> FindDigest(const ApiKey::Digest& digest) const;

 private:
  std::vector<ApiKey> keys_;
};

// The keys of now, which may become others while servers ask. Thread-safe.
class CurrentApiKeys {
 public:
  explicit CurrentApiKeys(ApiKeys keys = {}) { Replace(std::move(keys)); }

  std::shared_ptr<const ApiKeys> Get() const {
    std::lock_guard lock(mutex_);
    return keys_;
  }
  void Replace(ApiKeys keys) {
    auto made = std::make_shared<const ApiKeys>(std::move(keys));
    std::lock_guard lock(mutex_);
    keys_ = std::move(made);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const ApiKeys> keys_;  // guarded by mutex_
};

// The keys of runtime.auth, with their secrets filled in; none when there is no such part or it is
// not enabled. Errors, which name the place in the file: kInvalidArgument, those of SecretResolver.
Result<ApiKeys> LoadApiKeys(const spicepod::Spicepod& pod,
                            const std::map<std::string, std::string>& environment);

}  // namespace sumac::server
