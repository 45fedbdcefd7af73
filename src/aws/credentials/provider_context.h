// What the providers of a process share.
#pragma once

#include <memory>

#include "aws/credentials/instance_metadata_credentials_provider.h"
#include "aws/credentials/sso_renewals.h"
#include "aws/service_fetch.h"
#include "aws/settings.h"
#include "aws/signing_clock.h"
#include "base/environment.h"

namespace sumac::aws {

// A value; copies share.
struct ProviderContext {
  std::shared_ptr<ServiceFetch> fetch;
  std::shared_ptr<SigningClock> clock;
  Environment environment;
  std::shared_ptr<InstanceMetadata> instance_metadata;
  std::shared_ptr<SsoRenewals> sso_renewals = std::make_shared<SsoRenewals>();
  // One for all, because it remembers the last keys.
  std::shared_ptr<InstanceMetadataCredentialsProvider> instance_metadata_credentials;
};

ProviderContext MakeProviderContext(std::shared_ptr<net::Transport> transport,
                                    std::shared_ptr<Clock> clock, Environment environment);

}  // namespace sumac::aws
