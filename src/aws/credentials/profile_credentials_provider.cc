#include "aws/credentials/profile_credentials_provider.h"

#include "aws/credentials/assume_role_credentials_provider.h"
#include "aws/credentials/container_credentials_provider.h"
#include "aws/credentials/environment_credentials_provider.h"
#include "aws/credentials/process_credentials_provider.h"
#include "aws/credentials/sso_credentials_provider.h"
#include "aws/credentials/static_credentials_provider.h"
#include "aws/credentials/web_identity_credentials_provider.h"

namespace sumac::aws {
namespace {

Result<Credentials> StaticKeys(const ProfileSection& profile) {
  Credentials credentials;
  credentials.access_key_id = profile.Get("aws_access_key_id").value_or("");
  credentials.secret_access_key = profile.GetSecret("aws_secret_access_key");
  credentials.session_token = profile.GetSecret("aws_session_token");
  credentials.account_id = profile.Get("aws_account_id").value_or("");
  const bool key = !credentials.access_key_id.empty();
  if (key != credentials.secret_access_key.empty()) return credentials;
  return Fail(ErrorCode::kUnauthenticated,
              "profile '" + profile.name() + "' has " +
                  (key ? "aws_access_key_id and no aws_secret_access_key"
                       : "aws_secret_access_key and no aws_access_key_id"));
}

// The part of an SSO configuration that stands in the profile or in its sso-session.
struct SsoSections {
  const ProfileSection* session = nullptr;  // null in the legacy form
  std::string session_name;
};

Result<SsoSections> FindSession(const ProfileFiles& files, const ProfileSection& profile) {
  SsoSections sections;
  sections.session_name = profile.Get("sso_session").value_or("");
  if (sections.session_name.empty()) return sections;
  sections.session = files.FindSsoSession(sections.session_name);
  if (sections.session != nullptr) return sections;
  return Fail(ErrorCode::kInvalidArgument, "profile '" + profile.name() + "' names sso_session '" +
                                               sections.session_name +
                                               "', for which there is no [sso-session] section");
}

Result<std::string> RequiredSso(const ProfileSection& section, const std::string& kind,
                                const char* key) {
  const std::string value = section.Get(key).value_or("");
  if (!value.empty()) return value;
  return Fail(ErrorCode::kInvalidArgument, kind + " '" + section.name() + "' has no " + key);
}

}  // namespace

std::string ProfileCredentialsProvider::Name() const {
  const auto name =
      profile_name_.empty() ? FindProfileName(context_.environment).name : profile_name_;
  return "profile '" + name + "'";
}

std::shared_ptr<StsClient> ProfileCredentialsProvider::MakeSts(const Settings& settings) const {
  const std::string region = settings.region().empty() ? region_ : settings.region();
  return std::make_shared<StsClient>(
      context_.fetch, context_.clock,
      StsOptions{settings.ServiceEndpoint(Service::kSts, region), region});
}

Result<std::shared_ptr<CredentialsProvider>> ProfileCredentialsProvider::MakeSso(
    const Settings& settings, const ProfileSection& profile) const {
  SUMAC_ASSIGN_OR_RETURN(const auto sections, FindSession(settings.files(), profile));
  const bool has_session = sections.session != nullptr;
  const auto& section = has_session ? *sections.session : profile;
  const std::string kind = has_session ? "sso-session" : "profile";
  SsoSettings sso;
  sso.profile_name = profile.name();
  sso.has_session = has_session;
  SUMAC_ASSIGN_OR_RETURN(sso.start_url, RequiredSso(section, kind, "sso_start_url"));
  SUMAC_ASSIGN_OR_RETURN(sso.region, RequiredSso(section, kind, "sso_region"));
  SUMAC_ASSIGN_OR_RETURN(sso.account_id, RequiredSso(profile, "profile", "sso_account_id"));
  SUMAC_ASSIGN_OR_RETURN(sso.role_name, RequiredSso(profile, "profile", "sso_role_name"));
  const std::string other_url = profile.Get("sso_start_url").value_or(sso.start_url);
  if (other_url != sso.start_url) {
    return Fail(ErrorCode::kInvalidArgument, "profile '" + profile.name() +
                                                 "' and its sso-session have different "
                                                 "sso_start_url; keep the session's");
  }
  sso.token_path = SsoTokenPath(HomeFolder(context_.environment),
                                has_session ? sections.session_name : sso.start_url);
  SUMAC_ASSIGN_OR_RETURN(sso.portal_endpoint_url,
                         settings.ServiceEndpoint(Service::kSso, sso.region));
  SUMAC_ASSIGN_OR_RETURN(sso.oidc_endpoint_url,
                         settings.ServiceEndpoint(Service::kSsoOidc, sso.region));
  auto renewal = context_.sso_renewals->Of(sso.token_path);
  return std::make_shared<SsoCredentialsProvider>(context_.fetch, context_.clock, std::move(sso),
                                                  std::move(renewal));
}

Result<std::shared_ptr<CredentialsProvider>> ProfileCredentialsProvider::MakeBase(
    const Settings& settings, const ProfilePlan& plan) const {
  const auto& profile = *plan.profile;
  switch (plan.base) {
    case ProfileBase::kStaticKeys: {
      SUMAC_ASSIGN_OR_RETURN(auto keys, StaticKeys(profile));
      return std::make_shared<StaticCredentialsProvider>(std::move(keys),
                                                         "profile '" + profile.name() + "'");
    }
    case ProfileBase::kSso:
      return MakeSso(settings, profile);
    case ProfileBase::kWebIdentity: {
      WebIdentitySettings identity;
      identity.token_path = profile.Get("web_identity_token_file").value_or("");
      identity.role_arn = profile.Get("role_arn").value_or("");
      identity.role_session_name = profile.Get("role_session_name").value_or("");
      return std::make_shared<WebIdentityCredentialsProvider>(MakeSts(settings), context_.clock,
                                                              std::move(identity));
    }
    case ProfileBase::kProcess:
      return std::make_shared<ProcessCredentialsProvider>(profile.GetSecret("credential_process"),
                                                          context_.environment);
    case ProfileBase::kEnvironment:
      return std::make_shared<EnvironmentCredentialsProvider>(context_.environment);
    case ProfileBase::kContainer:
      return std::make_shared<ContainerCredentialsProvider>(context_.fetch, context_.environment);
    case ProfileBase::kInstanceMetadata:
      return context_.instance_metadata_credentials;
  }
  return Fail(InternalError("a profile's credentials have no provider"));
}

Result<Credentials> ProfileCredentialsProvider::GetCredentials(const CredentialsRequest& request) {
  SUMAC_ASSIGN_OR_RETURN(const auto settings, Settings::Load(context_.environment, profile_name_));
  auto plan = PlanProfile(settings.files(), settings.profile_name());
  if (!plan) {
    Error error = std::move(plan).error();
    const bool named = !profile_name_.empty();
    if (named && error.code == ErrorCode::kNotFound) error.code = ErrorCode::kInvalidArgument;
    return Fail(std::move(error));
  }
  SUMAC_ASSIGN_OR_RETURN(auto provider, MakeBase(settings, *plan));
  for (const auto& hop : plan->roles) {
    provider = std::make_shared<AssumeRoleCredentialsProvider>(
        MakeSts(settings), context_.clock, std::move(provider),
        AssumeRoleRequest{hop.role_arn, hop.role_session_name, hop.external_id,
                          hop.duration_seconds});
  }
  CredentialsRequest inner;
  inner.cancelled = request.cancelled;
  auto credentials = provider->GetCredentials(inner);
  if (!credentials && credentials.error().code == ErrorCode::kNotFound) {
    // The profile says where its keys are: that they are not there is its own failure.
    Error error = std::move(credentials).error();
    error.code = ErrorCode::kUnauthenticated;
    return Fail(std::move(error).WithContext(provider->Name()));
  }
  return credentials;
}

}  // namespace sumac::aws
