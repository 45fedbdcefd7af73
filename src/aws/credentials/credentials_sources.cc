#include "aws/credentials/credentials_sources.h"

#include "aws/credentials/assume_role_credentials_provider.h"
#include "aws/credentials/container_credentials_provider.h"
#include "aws/credentials/credentials_chain.h"
#include "aws/credentials/environment_credentials_provider.h"
#include "aws/credentials/profile_credentials_provider.h"
#include "aws/credentials/static_credentials_provider.h"
#include "aws/credentials/web_identity_credentials_provider.h"

namespace sumac::aws {
namespace {

bool SameSource(const CredentialsSource& a, const CredentialsSource& b) {
  return a.kind == b.kind && SameKeys(a.keys, b.keys) && a.profile_name == b.profile_name &&
         a.role_arn == b.role_arn && a.external_id == b.external_id && a.region == b.region;
}

}  // namespace

ProviderContext MakeProviderContext(std::shared_ptr<net::Transport> transport,
                                    std::shared_ptr<Clock> clock, Environment environment) {
  ProviderContext context;
  context.fetch = std::make_shared<ServiceFetch>(std::move(transport));
  context.clock = std::make_shared<SigningClock>(std::move(clock));
  context.instance_metadata =
      std::make_shared<InstanceMetadata>(context.fetch, context.clock, environment);
  context.instance_metadata_credentials = std::make_shared<InstanceMetadataCredentialsProvider>(
      context.instance_metadata, context.clock);
  context.environment = std::move(environment);
  return context;
}

std::shared_ptr<StsClient> CredentialsSources::MakeSts(const CredentialsSource& source) const {
  const std::string& region = source.region;
  auto settings = Settings::Load(context_.environment, source.profile_name);
  // Broken files stop the profile, not what needs none.
  if (!settings && source.profile_name.empty()) {
    settings = Settings::FromEnvironment(context_.environment);
  }
  return std::make_shared<StsClient>(
      context_.fetch, context_.clock,
      StsOptions{settings ? settings->ServiceEndpoint(Service::kSts, region)
                          : Result<std::string>(Fail(settings.error())),
                 region});
}

std::shared_ptr<CredentialsProvider> CredentialsSources::MakeBase(
    const CredentialsSource& source) const {
  // In the order of their cost: what is at hand, what is asked for only when it is configured, what
  // is always asked.
  std::vector<std::shared_ptr<CredentialsProvider>> providers;
  const bool automatic = source.kind == CredentialsKind::kAutomatic;
  if (automatic || source.kind == CredentialsKind::kKeys) {
    providers.push_back(std::make_shared<StaticCredentialsProvider>(source.keys));
  }
  if (source.kind == CredentialsKind::kProfile) {
    providers.push_back(
        std::make_shared<ProfileCredentialsProvider>(context_, source.profile_name, source.region));
  }
  if (automatic || source.kind == CredentialsKind::kEnvironment) {
    providers.push_back(std::make_shared<EnvironmentCredentialsProvider>(context_.environment));
  }
  if (automatic) {
    providers.push_back(std::make_shared<ProfileCredentialsProvider>(context_, "", source.region));
  }
  if (automatic || source.kind == CredentialsKind::kMetadata) {
    providers.push_back(std::make_shared<WebIdentityCredentialsProvider>(
        MakeSts(source), context_.clock, WebIdentitySettingsFrom(context_.environment)));
    providers.push_back(
        std::make_shared<ContainerCredentialsProvider>(context_.fetch, context_.environment));
    providers.push_back(context_.instance_metadata_credentials);
  }
  return std::make_shared<CredentialsChain>(std::move(providers));
}

std::shared_ptr<CredentialsProvider> CredentialsSources::Make(
    const CredentialsSource& source) const {
  auto base = MakeBase(source);
  if (source.role_arn.empty()) return base;
  AssumeRoleRequest role;
  role.role_arn = source.role_arn;
  role.external_id = source.external_id;
  return std::make_shared<AssumeRoleCredentialsProvider>(MakeSts(source), context_.clock,
                                                         std::move(base), std::move(role));
}

std::shared_ptr<CredentialsCache> CredentialsSources::Find(const CredentialsSource& source) {
  std::lock_guard lock(mutex_);
  for (const auto& [known, cache] : caches_) {
    if (SameSource(known, source)) return cache;
  }
  CredentialsCacheOptions options;
  options.renewable = source.kind != CredentialsKind::kKeys || !source.role_arn.empty();
  auto cache = std::make_shared<CredentialsCache>(Make(source), context_.clock, options);
  caches_.emplace_back(source, cache);
  return cache;
}

}  // namespace sumac::aws
