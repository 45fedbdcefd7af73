// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
#pragma once

#include <map>

#include "aws/credentials.h"

namespace sumac::aws {

class EnvironmentCredentialsProvider final : public CredentialsProvider {
 public:
  explicit EnvironmentCredentialsProvider(std::map<std::string, std::string> environment)
      : environment_(std::move(environment)) {}

  // Errors: kNotFound when neither key is set, kUnauthenticated when only one is.
  Result<Credentials> GetCredentials() override;
  std::string Name() const override { return "environment variables"; }

 private:
  std::string Variable(const char* name) const;

  const std::map<std::string, std::string> environment_;
};

}  // namespace sumac::aws
