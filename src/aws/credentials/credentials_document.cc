#include "aws/credentials/credentials_document.h"

#include "aws/timestamp.h"

namespace sumac::aws {

Error BrokenDocument(std::string message) {
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kService;
  error.message = std::move(message);
  return error;
}

std::string AccountOfArn(const std::string& arn) {
  size_t start = 0;
  for (int part = 0; part < 4; ++part) {
    start = arn.find(':', start);
    if (start == std::string::npos) return "";
    ++start;
  }
  return arn.substr(start, arn.find(':', start) - start);
}

Result<Credentials> CredentialsFromFields(const JsonFields& fields) {
  Credentials credentials;
  credentials.access_key_id = Field(fields, "AccessKeyId");
  credentials.secret_access_key = SecretField(fields, "SecretAccessKey");
  credentials.session_token = SecretField(fields, "SessionToken");
  if (credentials.session_token.empty()) credentials.session_token = SecretField(fields, "Token");
  if (credentials.access_key_id.empty()) {
    return Fail(BrokenDocument("the answer has no AccessKeyId"));
  }
  if (credentials.secret_access_key.empty()) {
    return Fail(BrokenDocument("the answer has no SecretAccessKey"));
  }
  const std::string expiry = Field(fields, "Expiration");
  if (!expiry.empty()) {
    credentials.expires_at = ParseTimestamp(expiry);
    if (!credentials.expires_at) {
      return Fail(BrokenDocument("the answer's Expiration is no timestamp"));
    }
  }
  credentials.account_id = Field(fields, "AccountId");
  if (credentials.account_id.empty()) {
    credentials.account_id = AccountOfArn(Field(fields, "RoleArn"));
  }
  return credentials;
}

}  // namespace sumac::aws
