// From what a dataset says about credentials to a cached provider; datasets that say the same share
// one.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "aws/credentials/credentials_cache.h"
#include "aws/credentials/provider_context.h"
#include "aws/credentials/sts_client.h"

namespace sumac::aws {

enum class CredentialsKind {
  kAutomatic,    // parameters, environment, profile, web identity, container, instance metadata
  kMetadata,     // of these only web identity, container and instance metadata
  kEnvironment,  // of these only the environment
  kKeys,         // `keys`
  kProfile,      // `profile_name`
};

struct CredentialsSource {
  CredentialsKind kind = CredentialsKind::kAutomatic;
  Credentials keys;
  std::string profile_name;
  // A role to assume with what the kind gives; empty: none.
  std::string role_arn;
  std::string external_id;
  // Where STS is asked.
  std::string region;
};

// Thread-safe.
class CredentialsSources {
 public:
  explicit CredentialsSources(ProviderContext context) : context_(std::move(context)) {}

  // The cache of this source, made at the first call. Nothing is asked yet.
  std::shared_ptr<CredentialsCache> Find(const CredentialsSource& source);

  const ProviderContext& context() const { return context_; }

 private:
  std::shared_ptr<CredentialsProvider> Make(const CredentialsSource& source) const;
  std::shared_ptr<CredentialsProvider> MakeBase(const CredentialsSource& source) const;
  std::shared_ptr<StsClient> MakeSts(const CredentialsSource& source) const;

  const ProviderContext context_;
  std::mutex mutex_;
  std::vector<std::pair<CredentialsSource, std::shared_ptr<CredentialsCache>>> caches_;  // guarded
};

}  // namespace sumac::aws
