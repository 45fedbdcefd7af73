// Keys that were given in the configuration.
#pragma once

#include "aws/credentials.h"

namespace sumac::aws {

class StaticCredentialsProvider final : public CredentialsProvider {
 public:
  explicit StaticCredentialsProvider(Credentials credentials)
      : credentials_(std::move(credentials)) {}

  Result<Credentials> GetCredentials() override { return credentials_; }
  std::string Name() const override { return "the dataset's parameters"; }

 private:
  const Credentials credentials_;
};

}  // namespace sumac::aws
