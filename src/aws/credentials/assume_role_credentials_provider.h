// A role assumed with the keys of another provider.
#pragma once

#include <memory>

#include "aws/credentials.h"
#include "aws/credentials/sts_client.h"

namespace sumac::aws {

class AssumeRoleCredentialsProvider final : public CredentialsProvider {
 public:
  // An empty session name is made from the time.
  AssumeRoleCredentialsProvider(std::shared_ptr<StsClient> sts, std::shared_ptr<Clock> clock,
                                std::shared_ptr<CredentialsProvider> base, AssumeRoleRequest role)
      : sts_(std::move(sts)),
        clock_(std::move(clock)),
        base_(std::move(base)),
        role_(std::move(role)) {}

  // A base without credentials is an error here, not a reason to go on: the role was asked for.
  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override { return "role " + role_.role_arn; }

 private:
  const std::shared_ptr<StsClient> sts_;
  const std::shared_ptr<Clock> clock_;
  const std::shared_ptr<CredentialsProvider> base_;
  const AssumeRoleRequest role_;
};

}  // namespace sumac::aws
