// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
#pragma once

#include "aws/credentials.h"
#include "base/environment.h"

namespace sumac::aws {

class EnvironmentCredentialsProvider final : public CredentialsProvider {
 public:
  explicit EnvironmentCredentialsProvider(Environment environment)
      : environment_(std::move(environment)) {}

  // Errors: kNotFound when neither key is set, kUnauthenticated when only one is.
  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override { return "environment variables"; }

 private:
  const Environment environment_;
};

}  // namespace sumac::aws
