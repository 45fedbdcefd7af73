// One call of the service with its retries, driven by the transport's callbacks. Internal to
// dynamodb/.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "dynamodb/client.h"
#include "dynamodb/service_error.h"

namespace sumac::dynamodb {

// What all calls of one client share.
struct ClientContext {
  std::shared_ptr<net::Transport> transport;
  std::shared_ptr<aws::CredentialsCache> credentials;
  std::shared_ptr<aws::SigningClock> clock;
  ClientOptions options;
  std::unique_ptr<CompressionPolicy> compression;
  std::string host;  // of the endpoint, with its port, as the Host header has it

  // In [0, 1). Thread-safe.
  double UnitRandom();

  std::mutex random_mutex;
  std::mt19937_64 random;
};

// Thread-safe. Kept alive by the transport's callbacks until it is done.
class RetryingCall : public std::enable_shared_from_this<RetryingCall> {
 public:
  // Also gets how many bytes came, before they were inflated.
  using Accept = std::function<Status(net::HttpResponse&, size_t bytes_on_wire)>;

  // `accept` takes a successful response apart; a retryable error of it (a broken body) is retried
  // as any other. `done` runs once on the transport's thread, after accept succeeded or the call
  // failed for good; without `retry` the first failure is for good, once credentials and the clock
  // are right.
  RetryingCall(std::shared_ptr<ClientContext> context, Operation operation, std::string body,
               Accept accept, std::function<void(Status)> done, bool retry = true);

  void Start();
  // `done` gets kCancelled, unless it has run.
  void Cancel();
  // `done` will not begin to run any more.
  void Abandon();

 private:
  void Attempt();
  void OnResponse(Result<net::HttpResponse> response);
  // Called with the lock held, when no credentials are at hand: finds some, then goes on.
  void AwaitCredentials();
  Status Judge(Result<net::HttpResponse>& response);
  // What a refused signature may be cured by, once each: the service's time, new credentials.
  // Returns true when the call is worth repeating at once.
  bool Cure(const Error& error, const std::string& date_header);
  void Repeat();
  void LogAttempt(const Result<net::HttpResponse>& response) const;
  void RetryOrFail(Error error);
  void Finish(Status status);
  net::HttpRequest MakeRequest(const aws::Credentials& credentials, int timeout_ms) const;
  int RemainingMs() const;

  const std::shared_ptr<ClientContext> context_;
  const Operation operation_;
  const std::string body_;
  const Accept accept_;
  const MonotonicTime deadline_;
  const bool retry_;

  std::mutex mutex_;
  std::function<void(Status)> done_;  // guarded; null once it has run or was dropped
  net::OperationId current_ = 0;      // guarded; the exchange or timer under way
  bool waiting_ = false;              // guarded; current_ is a timer
  bool cancelled_ = false;            // guarded
  int attempts_ = 0;                  // guarded
  aws::Credentials credentials_;      // guarded; of the last attempt
  WallTime signed_at_;                // guarded; of the last attempt
  bool renewed_ = false;              // guarded; the credentials, after a refusal
  bool clock_corrected_ = false;      // guarded
};

}  // namespace sumac::dynamodb
