// The two calls of AWS Security Token Service that give credentials. Source: STS API reference,
// version 2011-06-15.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/credentials.h"
#include "aws/service_fetch.h"
#include "aws/signing_clock.h"

namespace sumac::aws {

struct AssumeRoleRequest {
  std::string role_arn;
  std::string role_session_name;
  std::string external_id;              // empty: none
  std::optional<int> duration_seconds;  // absent: the service's default, an hour
};

struct StsOptions {
  // Scheme, host and port: "https://sts.us-west-2.amazonaws.com". An error is every call's answer:
  // what never needs STS must not fail for it.
  Result<std::string> endpoint_url;
  std::string region;
};

// Thread-safe. Blocks, as providers do.
class StsClient {
 public:
  StsClient(std::shared_ptr<ServiceFetch> fetch, std::shared_ptr<SigningClock> clock,
            StsOptions options)
      : fetch_(std::move(fetch)), clock_(std::move(clock)), options_(std::move(options)) {}

  // Signs with `base`. Errors: kPermissionDenied and kUnauthenticated with STS's own words,
  // kDataCorrupt, those of the transport.
  Result<Credentials> AssumeRole(const AssumeRoleRequest& request, const Credentials& base,
                                 const std::atomic<bool>* cancelled);

  // Unsigned: the token is the proof.
  Result<Credentials> AssumeRoleWithWebIdentity(const AssumeRoleRequest& request,
                                                const SecretString& token,
                                                const std::atomic<bool>* cancelled);

 private:
  // `secret` is what the body or a header holds and STS might quote.
  Result<Credentials> Call(const std::string& action, const SecretString& body,
                           const SecretString& secret, const Credentials* base,
                           const std::atomic<bool>* cancelled);

  const std::shared_ptr<ServiceFetch> fetch_;
  const std::shared_ptr<SigningClock> clock_;
  const StsOptions options_;
};

// "sumac-1700000000": a session name when nobody gave one, from the time.
std::string DefaultRoleSessionName(const Clock& clock);

// Takes an answer of STS (XML) apart. Pure; for the client and its tests.
Result<Credentials> ParseStsAnswer(const std::string& action, int status, std::string_view body);

}  // namespace sumac::aws
