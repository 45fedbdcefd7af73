// Keys that stand in a configuration.
#pragma once

#include "aws/credentials.h"

namespace sumac::aws {

class StaticCredentialsProvider final : public CredentialsProvider {
 public:
  // `source` is what holds them, for messages.
  explicit StaticCredentialsProvider(Credentials credentials,
                                     std::string source = "the dataset's parameters")
      : credentials_(std::move(credentials)) {
    credentials_.source = std::move(source);
  }

  // Error kNotFound when there are none.
  Result<Credentials> GetCredentials(const CredentialsRequest&) override {
    if (!credentials_.access_key_id.empty()) return credentials_;
    return Fail(ErrorCode::kNotFound, "dynamodb_aws_access_key_id is not given");
  }
  std::string Name() const override { return credentials_.source; }

 private:
  Credentials credentials_;
};

}  // namespace sumac::aws
