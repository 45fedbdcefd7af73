#include "aws/credentials_chain.h"

namespace sumac::aws {

Result<Credentials> CredentialsChain::GetCredentials() {
  std::string tried;
  for (const auto& provider : providers_) {
    auto credentials = provider->GetCredentials();
    if (credentials) return credentials;
    if (credentials.error().code != ErrorCode::kNotFound) {
      return Fail(std::move(credentials).error().WithContext(provider->Name()));
    }
    tried += (tried.empty() ? "" : "; ") + provider->Name() + ": " + credentials.error().message;
  }
  return Fail(ErrorCode::kUnauthenticated,
              "no AWS credentials were found (" + tried +
                  "); set dynamodb_aws_access_key_id and dynamodb_aws_secret_access_key, or "
                  "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
}

}  // namespace sumac::aws
