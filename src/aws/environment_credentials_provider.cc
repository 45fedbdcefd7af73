#include "aws/environment_credentials_provider.h"

namespace sumac::aws {

std::string EnvironmentCredentialsProvider::Variable(const char* name) const {
  const auto found = environment_.find(name);
  return found == environment_.end() ? "" : found->second;
}

Result<Credentials> EnvironmentCredentialsProvider::GetCredentials() {
  Credentials credentials;
  credentials.access_key_id = Variable("AWS_ACCESS_KEY_ID");
  std::string secret = Variable("AWS_SECRET_ACCESS_KEY");
  // The older name that SDKs still read.
  if (secret.empty()) secret = Variable("SECRET_ACCESS_KEY");
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
  credentials.session_token = SecretString(Variable("AWS_SESSION_TOKEN"));
  return credentials;
}

}  // namespace sumac::aws
