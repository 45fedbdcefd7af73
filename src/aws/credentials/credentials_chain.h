// Several providers in order: the first that is configured decides.
#pragma once

#include <vector>

#include "aws/credentials.h"

namespace sumac::aws {

class CredentialsChain final : public CredentialsProvider {
 public:
  explicit CredentialsChain(std::vector<std::shared_ptr<CredentialsProvider>> providers)
      : providers_(std::move(providers)) {}

  // A provider that is not configured (kNotFound) is passed over; one that is configured and broken
  // ends the search with its error. When all were passed over: kUnauthenticated, with what each
  // lacked.
  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override { return "the credentials chain"; }

 private:
  const std::vector<std::shared_ptr<CredentialsProvider>> providers_;
};

}  // namespace sumac::aws
