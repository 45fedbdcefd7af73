// A token of an OpenID Connect provider exchanged for a role's keys: IRSA in EKS, CI systems.
#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "aws/credentials/sts_client.h"
#include "base/environment.h"

namespace sumac::aws {

struct WebIdentitySettings {
  std::string token_path;
  std::string role_arn;
  std::string role_session_name;  // empty: made from the time
};

// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME. Errors: kNotFound when the
// file's variable is not set, kInvalidArgument when the role's is not.
Result<WebIdentitySettings> WebIdentitySettingsFrom(const Environment& environment);

class WebIdentityCredentialsProvider final : public CredentialsProvider {
 public:
  // `settings` may be the error of WebIdentitySettingsFrom, which is then the answer.
  WebIdentityCredentialsProvider(std::shared_ptr<StsClient> sts, std::shared_ptr<Clock> clock,
                                 Result<WebIdentitySettings> settings)
      : sts_(std::move(sts)), clock_(std::move(clock)), settings_(std::move(settings)) {}

  // Reads the token's file each time: it is replaced as the token runs out.
  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override { return "web identity token"; }

 private:
  const std::shared_ptr<StsClient> sts_;
  const std::shared_ptr<Clock> clock_;
  const Result<WebIdentitySettings> settings_;
};

}  // namespace sumac::aws
