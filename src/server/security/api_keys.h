// The keys that clients of the servers show, and what each allows. HTTP and Flight ask the same
// object.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spicepod/spicepod.h"

namespace sumac::server {

// kRead asks and looks; kReadWrite also changes what the server does: refreshes, cancelled queries.
enum class Access { kRead, kReadWrite };

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

  // What `key` allows; nothing for one that is not known. How long that takes says nothing of how
  // much of a key was right, or which it was.
  std::optional<Access> Find(std::string_view key) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Known {
    Digest digest;
    Access access;
  };
  static Digest DigestOf(std::string_view key);

  std::vector<Known> keys_;
};

// The keys of runtime.auth, with their secrets filled in; none when there is no such part or it is
// not enabled. Errors, which name the place in the file: kInvalidArgument, those of SecretResolver.
Result<ApiKeys> LoadApiKeys(const spicepod::Spicepod& pod,
                            const std::map<std::string, std::string>& environment);

}  // namespace sumac::server
