// Credentials kept until shortly before they expire, found again in the background, one search at a
// time: what stands between providers, which block, and requests, which must not.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "aws/credentials.h"

namespace sumac::aws {

struct CredentialsCacheOptions {
  // A search begins this long before the credentials expire, or at half their lifetime when that is
  // shorter. The old ones serve until it ends, and after it failed until they expire.
  std::chrono::milliseconds refresh_ahead = std::chrono::minutes(5);
  // Credentials without an expiry are looked for again after this long: a file may have new ones.
  std::chrono::milliseconds reload_unexpiring = std::chrono::minutes(15);
  // After a search ahead of time that failed, the next begins no sooner.
  std::chrono::milliseconds retry_refresh = std::chrono::seconds(30);
  // False for keys that stand in the configuration: a search would only find them again.
  bool renewable = true;
};

// Thread-safe. Destroying it cancels the search under way and waits for its thread; the callbacks
// of Get then receive kCancelled.
class CredentialsCache final : public CredentialsProvider {
 public:
  CredentialsCache(std::shared_ptr<CredentialsProvider> provider, std::shared_ptr<Clock> clock,
                   CredentialsCacheOptions options = {});
  ~CredentialsCache() override;
  CredentialsCache(const CredentialsCache&) = delete;
  CredentialsCache& operator=(const CredentialsCache&) = delete;

  // Returns credentials that have not expired, without waiting; nothing when there are none. Begins
  // a search in the background when it is time for one.
  std::optional<Credentials> Current();

  // Calls `callback` once, on the search's thread, with credentials or with why there are none.
  // Joins the search under way.
  void Get(std::function<void(Result<Credentials>)> callback);

  // Forgets `refused`, so that the next Get searches again, unless others have taken their place.
  // Returns false, and does nothing, when they are not renewable.
  bool Forget(const Credentials& refused);

  // Takes over credentials that are known already.
  void Keep(const Credentials& known);

  // Current, else Get and wait. With `reports` it always searches.
  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override;

 private:
  class State;
  const std::shared_ptr<State> state_;
};

// Keys that are known already, as the client wants them: Current has them at once.
std::shared_ptr<CredentialsCache> MakeStaticCredentials(Credentials credentials,
                                                        std::shared_ptr<Clock> clock);

}  // namespace sumac::aws
