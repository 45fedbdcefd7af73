// The role of the EC2 instance, through its metadata service.
#pragma once

#include <random>

#include "aws/credentials.h"
#include "aws/instance_metadata.h"

namespace sumac::aws {

// Keeps on working when the service hands out keys that have expired or does not answer any more:
// the last keys are given again for at least 10 to 15 minutes, because DynamoDB may well still take
// them
// ("static stability").
class InstanceMetadataCredentialsProvider final : public CredentialsProvider {
 public:
  // `random_seed` seeds the spread of the extension; 0 takes one from the system.
  InstanceMetadataCredentialsProvider(std::shared_ptr<InstanceMetadata> metadata,
                                      std::shared_ptr<Clock> clock, uint64_t random_seed = 0);

  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override { return "EC2 instance metadata"; }

 private:
  Result<Credentials> Ask(const CredentialsRequest& request);
  // Called with the lock held.
  void Extend(Credentials& credentials, const std::string& why);

  const std::shared_ptr<InstanceMetadata> metadata_;
  const std::shared_ptr<Clock> clock_;
  std::mutex mutex_;
  std::mt19937_64 random_;           // guarded
  std::optional<Credentials> last_;  // guarded
};

}  // namespace sumac::aws
