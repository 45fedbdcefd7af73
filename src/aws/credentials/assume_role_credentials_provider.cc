#include "aws/credentials/assume_role_credentials_provider.h"

namespace sumac::aws {

Result<Credentials> AssumeRoleCredentialsProvider::GetCredentials(
    const CredentialsRequest& request) {
  auto base = base_->GetCredentials(request);
  if (!base) {
    Error error = std::move(base).error();
    if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kUnauthenticated;
    return Fail(std::move(error));
  }
  AssumeRoleRequest role = role_;
  if (role.role_session_name.empty()) role.role_session_name = DefaultRoleSessionName(*clock_);
  auto credentials = sts_->AssumeRole(role, *base, request.cancelled);
  if (credentials) {
    credentials->source = "role " + role.role_arn + " with the keys of " + base->source;
  } else if (credentials.error().code != ErrorCode::kCancelled) {
    credentials = Fail(std::move(credentials).error().WithContext(Name()));
  }
  if (request.reports != nullptr) request.reports->push_back(MakeReport(Name(), credentials));
  return credentials;
}

}  // namespace sumac::aws
