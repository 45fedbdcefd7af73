#include "aws/instance_metadata.h"

#include <algorithm>

#include <strings.h>

namespace sumac::aws {
namespace {

constexpr char kDisabled[] = "AWS_EC2_METADATA_DISABLED";
constexpr char kEndpoint[] = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
constexpr char kEndpointMode[] = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
constexpr char kTokenPath[] = "/latest/api/token";
constexpr char kTokenLifetimeSeconds[] = "21600";
// The token is asked for anew this long before the service forgets it.
constexpr auto kTokenUse = std::chrono::seconds(21'600 - 120);

// The service answers from the same host in a millisecond, or is not there.
FetchPolicy Policy() {
  FetchPolicy policy;
  policy.connect_timeout_ms = 1'000;
  policy.timeout_ms = 1'000;
  policy.attempts_max = 4;
  policy.connect_attempts_max = 2;
  return policy;
}

bool EqualsIgnoringCase(const std::string& a, const char* b) {
  return strcasecmp(a.c_str(), b) == 0;
}

// A line end would let it write headers of its own.
bool IsHeaderValue(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Error Refused(const net::HttpResponse& response, const std::string& what) {
  Error error;
  error.blame = Blame::kService;
  if (response.status == 403) {
    error.code = ErrorCode::kNotFound;
    error.message = "the instance metadata service is switched off for this instance (403)";
    return error;
  }
  error.code = ErrorCode::kUnavailable;
  error.retryable = response.status >= 500;
  error.message = "the instance metadata service answered " + what + " with HTTP status " +
                  std::to_string(response.status);
  return error;
}

}  // namespace

Result<std::string> InstanceMetadata::Endpoint() const {
  if (EqualsIgnoringCase(Variable(environment_, kDisabled), "true")) {
    return Fail(ErrorCode::kNotFound, std::string(kDisabled) + " is true");
  }
  std::string url = Variable(environment_, kEndpoint);
  while (url.ends_with('/')) url.pop_back();
  if (!url.empty()) {
    if (url.starts_with("http://") || url.starts_with("https://")) return url;
    return Fail(ErrorCode::kInvalidArgument,
                std::string(kEndpoint) + " must begin with http:// or https://");
  }
  const std::string mode = Variable(environment_, kEndpointMode);
  if (mode.empty() || EqualsIgnoringCase(mode, "IPv4")) return "http://169.254.169.254";
  if (EqualsIgnoringCase(mode, "IPv6")) return "http://[fd00:ec2::254]";
  return Fail(ErrorCode::kInvalidArgument, std::string(kEndpointMode) + " takes IPv4 or IPv6");
}

Result<SecretString> InstanceMetadata::SessionToken(const std::string& endpoint,
                                                    const std::atomic<bool>* cancelled) {
  {
    std::lock_guard lock(mutex_);
    if (token_ && clock_->MonotonicNow() < token_->renew_at) return token_->value;
  }
  const auto make = [&] {
    net::HttpRequest request;
    request.method = "PUT";
    request.url = endpoint + kTokenPath;
    request.bypass_proxy = true;
    request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", kTokenLifetimeSeconds}};
    return request;
  };
  auto response = fetch_->Fetch(make, Policy(), cancelled);
  if (!response) {
    Error error = std::move(response).error();
    if (error.code == ErrorCode::kCancelled) return Fail(std::move(error));
    // Not an instance of EC2, as far as anybody can tell.
    error.code = ErrorCode::kNotFound;
    return Fail(std::move(error).WithContext("no instance metadata service"));
  }
  if (response->status == 404 || response->status == 405) {
    // Other clouds have other services at this address.
    return Fail(ErrorCode::kNotFound, "no instance metadata service: HTTP status " +
                                          std::to_string(response->status) +
                                          " for a session token");
  }
  if (response->status != 200) return Fail(Refused(*response, "session token"));
  Token token{SecretString(response->body.TakeText()), clock_->MonotonicNow() + kTokenUse};
  if (!IsHeaderValue(token.value.Reveal())) {
    Error error;
    error.code = ErrorCode::kDataCorrupt;
    error.blame = Blame::kService;
    error.message = "the instance metadata service answered with no session token";
    return Fail(std::move(error));
  }
  std::lock_guard lock(mutex_);
  token_ = token;
  return token.value;
}

Result<net::HttpResponse> InstanceMetadata::Ask(const std::string& endpoint,
                                                const std::string& path, const SecretString& token,
                                                const std::atomic<bool>* cancelled) {
  const auto make = [&] {
    net::HttpRequest request;
    request.method = "GET";
    request.url = endpoint + path;
    request.bypass_proxy = true;
    request.headers = {{"X-aws-ec2-metadata-token", token.Reveal()}};
    return request;
  };
  return fetch_->Fetch(make, Policy(), cancelled);
}

Result<std::optional<SecretString>> InstanceMetadata::Get(const std::string& path,
                                                          const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto endpoint, Endpoint());
  for (bool again = false;; again = true) {
    SUMAC_ASSIGN_OR_RETURN(const auto token, SessionToken(endpoint, cancelled));
    SUMAC_ASSIGN_OR_RETURN(auto response, Ask(endpoint, path, token, cancelled));
    if (response.status == 200) return SecretString(response.body.TakeText());
    if (response.status == 404) return std::optional<SecretString>();
    if (response.status != 401 || again) return Fail(Refused(response, path));
    // The service forgot the token sooner than it said.
    std::lock_guard lock(mutex_);
    token_.reset();
  }
}

}  // namespace sumac::aws
