#include "aws/credentials/web_identity_credentials_provider.h"

#include "aws/secret_file.h"

namespace sumac::aws {

Result<WebIdentitySettings> WebIdentitySettingsFrom(const Environment& environment) {
  WebIdentitySettings settings;
  settings.token_path = Variable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
  settings.role_arn = Variable(environment, "AWS_ROLE_ARN");
  settings.role_session_name = Variable(environment, "AWS_ROLE_SESSION_NAME");
  if (settings.token_path.empty()) {
    return Fail(ErrorCode::kNotFound, "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
  }
  if (settings.role_arn.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not; set both");
  }
  return settings;
}

Result<Credentials> WebIdentityCredentialsProvider::GetCredentials(
    const CredentialsRequest& request) {
  if (!settings_) return Fail(settings_.error());
  SUMAC_ASSIGN_OR_RETURN(const auto token, ReadRequiredSecretFile(settings_->token_path));
  if (token.empty()) {
    return Fail(ErrorCode::kUnauthenticated,
                "the web identity token file " + settings_->token_path + " is empty");
  }
  AssumeRoleRequest role;
  role.role_arn = settings_->role_arn;
  role.role_session_name = settings_->role_session_name.empty() ? DefaultRoleSessionName(*clock_)
                                                                : settings_->role_session_name;
  SUMAC_ASSIGN_OR_RETURN(auto credentials,
                         sts_->AssumeRoleWithWebIdentity(role, token, request.cancelled));
  credentials.source = "role " + role.role_arn + " with a web identity token";
  return credentials;
}

}  // namespace sumac::aws
