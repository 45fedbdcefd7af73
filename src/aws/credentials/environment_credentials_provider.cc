#include "aws/credentials/environment_credentials_provider.h"

namespace sumac::aws {

Result<Credentials> EnvironmentCredentialsProvider::GetCredentials(const CredentialsRequest&) {
  Credentials credentials;
  credentials.access_key_id = Variable(environment_, "AWS_ACCESS_KEY_ID");
  std::string secret = Variable(environment_, "AWS_SECRET_ACCESS_KEY");
  // The older name that SDKs still read; alone it may belong to anything.
  if (secret.empty() && !credentials.access_key_id.empty())
    secret = Variable(environment_, "SECRET_ACCESS_KEY");
  if (credentials.access_key_id.empty() && secret.empty()) {
    return Fail(ErrorCode::kNotFound, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
  }
  if (credentials.access_key_id.empty() || secret.empty()) {
    const bool key = credentials.access_key_id.empty();
    return Fail(ErrorCode::kUnauthenticated,
                std::string(key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID") + " is set and " +
                    (key ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY") + " is not; set both");
  }
  credentials.secret_access_key = SecretString(std::move(secret));
  credentials.session_token = SecretString(Variable(environment_, "AWS_SESSION_TOKEN"));
  credentials.account_id = Variable(environment_, "AWS_ACCOUNT_ID");
  credentials.source = Name();
  return credentials;
}

}  // namespace sumac::aws
