// The instance metadata service of EC2, version 2 only: a session token first, then questions with
// it. Source: EC2 user guide, "Use the Instance Metadata Service"; SDKs and Tools reference guide,
// "IMDS credential provider".
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "aws/service_fetch.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/secret_string.h"

namespace sumac::aws {

// Thread-safe. Blocks, as providers do.
class InstanceMetadata {
 public:
  // Reads AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT and _ENDPOINT_MODE.
  InstanceMetadata(std::shared_ptr<ServiceFetch> fetch, std::shared_ptr<Clock> clock,
                   Environment environment)
      : fetch_(std::move(fetch)), clock_(std::move(clock)), environment_(std::move(environment)) {}

  // The text at `path` ("/latest/meta-data/..."), or nothing when the service has nothing there.
  // Errors: kNotFound when the service is disabled, not there, another one or refuses (403);
  // kUnavailable when it is there and fails; kDataCorrupt when its token is none; kInvalidArgument
  // for settings that are none. A host without the service costs about two seconds.
  Result<std::optional<SecretString>> Get(const std::string& path,
                                          const std::atomic<bool>* cancelled);

 private:
  struct Token {
    SecretString value;
    MonotonicTime renew_at;
  };

  Result<std::string> Endpoint() const;
  Result<SecretString> SessionToken(const std::string& endpoint,
                                    const std::atomic<bool>* cancelled);
  Result<net::HttpResponse> Ask(const std::string& endpoint, const std::string& path,
                                const SecretString& token, const std::atomic<bool>* cancelled);

  const std::shared_ptr<ServiceFetch> fetch_;
  const std::shared_ptr<Clock> clock_;
  const Environment environment_;
  std::mutex mutex_;
  std::optional<Token> token_;  // guarded
};

}  // namespace sumac::aws
