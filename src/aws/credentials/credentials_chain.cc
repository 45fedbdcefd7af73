#include "aws/credentials/credentials_chain.h"

namespace sumac::aws {
Result<Credentials> CredentialsChain::GetCredentials(const CredentialsRequest& request) {
  std::string tried;
  for (const auto& provider : providers_) {
    auto credentials = provider->GetCredentials(request);
    if (request.reports != nullptr) {
      request.reports->push_back(MakeReport(provider->Name(), credentials));
    }
    if (credentials) return credentials;
    if (credentials.error().code == ErrorCode::kCancelled) return credentials;
    if (credentials.error().code != ErrorCode::kNotFound) {
      return Fail(std::move(credentials)
                      .error()
                      .WithContext("AWS credentials from " + provider->Name() +
                                   " are configured and do not work"));
    }
    tried += (tried.empty() ? "" : "; ") + provider->Name() + ": " + credentials.error().message;
  }
  return Fail(ErrorCode::kUnauthenticated,
              "no AWS credentials were found (" + tried +
                  "); set one of these up, or give dynamodb_aws_access_key_id and "
                  "dynamodb_aws_secret_access_key");
}

}  // namespace sumac::aws
