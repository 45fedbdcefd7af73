#include "aws/service_fetch.h"

#include "base/log.h"
#include "net/outcome.h"

namespace sumac::aws {
namespace {

// Credential documents are a few kilobytes.
constexpr size_t kBodyBytesMax = 1 << 20;

// Scheme and host: what comes behind may name what nobody else should know.
std::string Origin(const std::string& url) {
  const size_t scheme = url.find("://");
  return url.substr(0, scheme == std::string::npos ? 0 : url.find_first_of("/?#", scheme + 3));
}

}  // namespace

ServiceFetch::ServiceFetch(std::shared_ptr<net::Transport> transport, uint64_t random_seed)
    : transport_(std::move(transport)),
      random_(random_seed != 0 ? random_seed : std::random_device{}()) {}

std::chrono::milliseconds ServiceFetch::Backoff(const FetchPolicy& policy, int retry) {
  std::lock_guard lock(mutex_);
  const int bound = policy.backoff_base_ms << retry;
  return std::chrono::milliseconds(std::uniform_int_distribution<int>(0, bound)(random_));
}

bool ServiceFetch::IsBusyOrBroken(const net::HttpResponse& response) {
  return response.status == 429 || response.status >= 500;
}

Result<net::HttpResponse> ServiceFetch::Fetch(const std::function<net::HttpRequest()>& make,
                                              const FetchPolicy& policy,
                                              const std::atomic<bool>* cancelled,
                                              bool (*may_pass)(const net::HttpResponse&)) {
  for (int attempt = 1;; ++attempt) {
    auto request = make();
    request.connect_timeout_ms = policy.connect_timeout_ms;
    request.timeout_ms = policy.timeout_ms;
    request.body_bytes_max = kBodyBytesMax;
    const std::string what = request.method + " " + Origin(request.url);
    auto response = net::SendAndWait(*transport_, std::move(request), cancelled);
    spdlog::debug("credentials: {}: {}", what,
                  response ? "HTTP " + std::to_string(response->status) : response.error().message);
    if (response && !may_pass(*response)) return response;
    if (!response && !response.error().retryable) return response;
    const int attempts_max = response ? policy.attempts_max : policy.connect_attempts_max;
    if (attempt >= attempts_max) return response;
    SUMAC_RETURN_IF_ERROR(net::WaitFor(*transport_, Backoff(policy, attempt - 1), cancelled));
  }
}

}  // namespace sumac::aws
