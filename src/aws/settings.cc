#include "aws/settings.h"

#include <strings.h>

#include "aws/identity_endpoint.h"

namespace sumac::aws {
namespace {

struct ServiceNames {
  const char* variable;
  // Of the block in a services section.
  const char* key;
};

ServiceNames NamesOf(Service service) {
  switch (service) {
    case Service::kDynamoDb:
      return {"AWS_ENDPOINT_URL_DYNAMODB", "dynamodb"};
    case Service::kDynamoDbStreams:
      return {"AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "dynamodb_streams"};
    case Service::kSts:
      return {"AWS_ENDPOINT_URL_STS", "sts"};
    case Service::kSso:
      return {"AWS_ENDPOINT_URL_SSO", "sso"};
    case Service::kSsoOidc:
      return {"AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"};
  }
  return {"", ""};
}

bool EqualsIgnoringCase(const std::string& a, const char* b) {
  return strcasecmp(a.c_str(), b) == 0;
}

}  // namespace

std::string Settings::Find(const char* variable, const char* key) const {
  std::string value = Variable(environment_, variable);
  if (value.empty() && profile_ != nullptr) value = profile_->Get(key).value_or("");
  return value;
}

Result<bool> Settings::Flag(const char* variable, const char* key) const {
  const std::string value = Find(variable, key);
  if (value.empty() || EqualsIgnoringCase(value, "false")) return false;
  if (EqualsIgnoringCase(value, "true")) return true;
  return Fail(ErrorCode::kInvalidArgument,
              std::string(variable) + " (" + key + " in the profile) takes true or false");
}

Result<Settings> Settings::Load(const Environment& environment, const std::string& profile_name) {
  Settings settings;
  settings.environment_ = environment;
  settings.profile_name_ = FindProfileName(environment);
  if (!profile_name.empty()) settings.profile_name_ = {profile_name, true};
  SUMAC_ASSIGN_OR_RETURN(auto files, LoadProfileFiles(environment));
  settings.files_ = std::make_shared<const ProfileFiles>(std::move(files));
  settings.profile_ = settings.files_->FindProfile(settings.profile_name_.name);
  // One that only AWS_PROFILE names is missed where it matters, by the search for credentials.
  if (settings.profile_ == nullptr && !profile_name.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "there is no profile '" + profile_name +
                                                 "', which dynamodb_aws_profile names, in " +
                                                 settings.files_->paths().config + " or " +
                                                 settings.files_->paths().credentials);
  }
  settings.ReadRegion();
  SUMAC_RETURN_IF_ERROR(settings.ReadFlags());
  return settings;
}

Result<Settings> Settings::FromEnvironment(const Environment& environment) {
  Settings settings;
  settings.environment_ = environment;
  settings.profile_name_ = FindProfileName(environment);
  settings.files_ = std::make_shared<const ProfileFiles>();
  settings.ReadRegion();
  SUMAC_RETURN_IF_ERROR(settings.ReadFlags());
  return settings;
}

void Settings::ReadRegion() {
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    region_ = Variable(environment_, variable);
    region_source_ = variable;
    if (!region_.empty()) return;
  }
  region_ = profile_ == nullptr ? "" : profile_->Get("region").value_or("");
  region_source_ = "profile '" + profile_name_.name + "'";
}

Status Settings::ReadFlags() {
  SUMAC_ASSIGN_OR_RETURN(use_fips_, Flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
  SUMAC_ASSIGN_OR_RETURN(use_dualstack_,
                         Flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"));
  SUMAC_ASSIGN_OR_RETURN(ignore_endpoints_, Flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                                 "ignore_configured_endpoint_urls"));
  const std::string mode = Find("AWS_ACCOUNT_ID_ENDPOINT_MODE", "account_id_endpoint_mode");
  if (!mode.empty()) {
    SUMAC_ASSIGN_OR_RETURN(account_id_endpoint_mode_, ParseAccountIdEndpointMode(mode));
  }
  return {};
}

std::string Settings::EndpointUrl(Service service) const {
  if (ignore_endpoints_) return "";
  const auto names = NamesOf(service);
  for (const char* variable : {names.variable, "AWS_ENDPOINT_URL"}) {
    const std::string url = Variable(environment_, variable);
    if (!url.empty()) return url;
  }
  if (profile_ == nullptr) return "";
  const auto* services = files_->FindServices(profile_->Get("services").value_or(""));
  const std::string url =
      services == nullptr ? "" : services->GetNested(names.key, "endpoint_url").value_or("");
  return url.empty() ? profile_->Get("endpoint_url").value_or("") : url;
}

Result<std::string> Settings::ServiceEndpoint(Service service, const std::string& region) const {
  std::string url = EndpointUrl(service);
  while (url.ends_with('/')) url.pop_back();
  if (IsServerUrl(url)) return url;
  if (!url.empty()) {
    // Not quoted: what was written there may hold a password.
    return Fail(ErrorCode::kInvalidArgument,
                std::string(NamesOf(service).variable) +
                    ", AWS_ENDPOINT_URL or the profile's endpoint_url takes http:// or https://, a "
                    "host and perhaps a port, and nothing more");
  }
  const IdentityEndpointRequest request{region, use_fips_, use_dualstack_};
  switch (service) {
    case Service::kSts:
      return IdentityEndpoint(IdentityService::kSts, request);
    case Service::kSso:
      return IdentityEndpoint(IdentityService::kSsoPortal, request);
    case Service::kSsoOidc:
      return IdentityEndpoint(IdentityService::kSsoOidc, request);
    case Service::kDynamoDb:
    case Service::kDynamoDbStreams:
      break;
  }
  return Fail(InternalError("this service has endpoint rules of its own"));
}

}  // namespace sumac::aws
