// A profile of the shared files: static keys, SSO, web identity, a process, or roles on top of
// them.
#pragma once

#include <string>

#include "aws/credentials.h"
#include "aws/credentials/profile_plan.h"
#include "aws/credentials/provider_context.h"
#include "aws/credentials/sts_client.h"

namespace sumac::aws {

class ProfileCredentialsProvider final : public CredentialsProvider {
 public:
  // An empty `profile_name` takes AWS_PROFILE, else "default". `region` is where STS is asked when
  // the profile names no region.
  ProfileCredentialsProvider(ProviderContext context, std::string profile_name, std::string region)
      : context_(std::move(context)),
        profile_name_(std::move(profile_name)),
        region_(std::move(region)) {}

  // Reads the files each time, so that new keys in them are found. Errors: those of PlanProfile and
  // of what the plan needs; a profile that is named by the caller is never kNotFound.
  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override;

 private:
  Result<std::shared_ptr<CredentialsProvider>> MakeBase(const Settings& settings,
                                                        const ProfilePlan& plan) const;
  Result<std::shared_ptr<CredentialsProvider>> MakeSso(const Settings& settings,
                                                       const ProfileSection& profile) const;
  std::shared_ptr<StsClient> MakeSts(const Settings& settings) const;

  const ProviderContext context_;
  const std::string profile_name_;
  const std::string region_;
};

}  // namespace sumac::aws
