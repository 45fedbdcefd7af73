// IAM Identity Center (SSO): the token of `aws sso login`, renewed when its file allows, exchanged
// for the keys of a role.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "aws/credentials.h"
#include "aws/credentials/sso_renewals.h"
#include "aws/credentials/sso_token.h"
#include "aws/service_fetch.h"

namespace sumac::aws {

struct SsoSettings {
  std::string profile_name;  // for messages
  std::string start_url;
  std::string region;
  std::string account_id;
  std::string role_name;
  // Whether an sso-session names the token; only then can it be renewed.
  bool has_session = false;
  // See SsoTokenPath.
  std::string token_path;
  // Scheme and host: "https://portal.sso.us-west-2.amazonaws.com" and
  // "https://oidc.us-west-2.amazonaws.com".
  std::string portal_endpoint_url;
  std::string oidc_endpoint_url;
};

class SsoCredentialsProvider final : public CredentialsProvider {
 public:
  // `renewal` is shared by all who use that token's file.
  SsoCredentialsProvider(std::shared_ptr<ServiceFetch> fetch, std::shared_ptr<Clock> clock,
                         SsoSettings settings,
                         std::shared_ptr<SsoRenewal> renewal = std::make_shared<SsoRenewal>())
      : fetch_(std::move(fetch)),
        clock_(std::move(clock)),
        settings_(std::move(settings)),
        renewal_(std::move(renewal)) {}

  // Errors: kUnauthenticated, which says to run `aws sso login`, when the token is missing, broken,
  // expired or refused; kPermissionDenied when the role is; kUnavailable when a service fails.
  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override { return "SSO"; }

 private:
  Result<SsoToken> ReadToken() const;
  bool IsRenewable(const SsoToken& token) const;
  // A token that is good now, renewed if that is due and possible.
  Result<SsoToken> UsableToken(const std::atomic<bool>* cancelled);
  Result<SsoToken> Renew(SsoToken token, const std::atomic<bool>* cancelled);
  Result<Credentials> RoleCredentials(const SsoToken& token, const std::atomic<bool>* cancelled);
  Error LoginNeeded(const std::string& why) const;

  const std::shared_ptr<ServiceFetch> fetch_;
  const std::shared_ptr<Clock> clock_;
  const SsoSettings settings_;
  const std::shared_ptr<SsoRenewal> renewal_;
};

}  // namespace sumac::aws
