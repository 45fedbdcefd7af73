// Credentials of the container: ECS task roles, EKS Pod Identity, Greengrass. Source: AWS SDKs and
// Tools reference guide, "Container credential provider".
#pragma once

#include <functional>
#include <memory>

#include "aws/credentials.h"
#include "aws/service_fetch.h"
#include "base/environment.h"

namespace sumac::aws {

// The addresses of a host name, as text; the error is for a person. Blocks.
using ResolveHost = std::function<Result<std::vector<std::string>>(const std::string& host)>;

// The system's resolver.
Result<std::vector<std::string>> ResolveWithSystem(const std::string& host);

// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (of http://169.254.170.2), else _FULL_URI; with the
// Authorization of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, read again each time, else _TOKEN.
class ContainerCredentialsProvider final : public CredentialsProvider {
 public:
  ContainerCredentialsProvider(std::shared_ptr<ServiceFetch> fetch, Environment environment,
                               ResolveHost resolve = ResolveWithSystem)
      : fetch_(std::move(fetch)),
        environment_(std::move(environment)),
        resolve_(std::move(resolve)) {}

  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override { return "container credentials"; }

 private:
  // The URL to ask, checked.
  Result<std::string> Url() const;
  Result<SecretString> Authorization() const;

  const std::shared_ptr<ServiceFetch> fetch_;
  const Environment environment_;
  const ResolveHost resolve_;
};

// Whether a token may be sent to `address` (text, IPv4 or IPv6) over plain http: loopback, ECS's
// 169.254.170.2, EKS's 169.254.170.23 and fd00:ec2::23.
bool IsContainerAddress(const std::string& address);

}  // namespace sumac::aws
