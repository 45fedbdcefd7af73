#include "dynamodb/call.h"

#include <algorithm>

#include "aws/sigv4.h"
#include "base/log.h"
#include "dynamodb/response_body.h"
#include "sumac_version.h"

namespace sumac::dynamodb {
namespace {

constexpr char kTargetPrefix[] = "DynamoDB_20120810.";
// The others' answers are short.
constexpr std::string_view kCompressedOperations[] = {"Scan", "Query", "BatchGetItem"};
constexpr char kContentType[] = "application/x-amz-json-1.0";

}  // namespace

double ClientContext::UnitRandom() {
  std::lock_guard lock(random_mutex);
  return std::uniform_real_distribution<double>(0.0, 1.0)(random);
}

RetryingCall::RetryingCall(std::shared_ptr<ClientContext> context, Operation operation,
                           std::string body, Accept accept, std::function<void(Status)> done,
                           bool retry)
    : context_(std::move(context)),
      operation_(std::move(operation)),
      body_(std::move(body)),
      accept_(std::move(accept)),
      deadline_(context_->clock->MonotonicNow() +
                std::chrono::milliseconds(context_->options.call_timeout_ms)),
      retry_(retry),
      done_(std::move(done)) {}

void RetryingCall::Start() {
  // On the transport's thread from the first step on, so that `done` runs nowhere else.
  std::lock_guard lock(mutex_);
  waiting_ = true;
  current_ = context_->transport->After(std::chrono::milliseconds(0),
                                        [self = shared_from_this()] { self->Attempt(); });
}

void RetryingCall::Cancel() {
  std::lock_guard lock(mutex_);
  if (!done_ || cancelled_) return;
  cancelled_ = true;
  context_->transport->Cancel(current_);
  // A timer that is cancelled says nothing; an exchange answers by itself.
  if (waiting_) {
    context_->transport->After(std::chrono::milliseconds(0), [self = shared_from_this()] {
      self->Finish(Fail(CancelledError()));
    });
  }
}

void RetryingCall::Abandon() {
  std::function<void(Status)> dropped;
  std::lock_guard lock(mutex_);
  dropped.swap(done_);
  cancelled_ = true;
  context_->transport->Cancel(current_);
}

int RetryingCall::RemainingMs() const {
  const auto left = deadline_ - context_->clock->MonotonicNow();
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(left).count());
}

void RetryingCall::Attempt() {
  auto credentials = context_->credentials->Current();
  std::lock_guard lock(mutex_);
  if (!done_ || cancelled_) return;
  if (!credentials) {
    AwaitCredentials();
    return;
  }
  credentials_ = *std::move(credentials);
  signed_at_ = context_->clock->WallNow();
  ++attempts_;
  waiting_ = false;
  const int timeout_ms = std::clamp(RemainingMs(), 1, context_->options.attempt_timeout_ms);
  current_ =
      context_->transport->Send(MakeRequest(credentials_, timeout_ms),
                                [self = shared_from_this()](Result<net::HttpResponse> response) {
                                  self->OnResponse(std::move(response));
                                });
}

void RetryingCall::AwaitCredentials() {
  waiting_ = true;
  // The answer comes on another thread; `done` runs on the transport's.
  context_->credentials->Get([self = shared_from_this()](Result<aws::Credentials> found) {
    std::lock_guard lock(self->mutex_);
    if (!self->done_ || self->cancelled_) return;
    self->current_ = self->context_->transport->After(
        std::chrono::milliseconds(0), [self, found = std::move(found)]() mutable {
          if (found) {
            self->Attempt();
          } else {
            self->Finish(Fail(std::move(found).error()));
          }
        });
  });
}

bool RetryingCall::Cure(const Error& error, const std::string& date_header) {
  std::lock_guard lock(mutex_);
  if (!done_ || cancelled_ || RemainingMs() <= 0) return false;
  if (!clock_corrected_ && aws::MayBeClockSkew(error.service_code)) {
    clock_corrected_ = true;
    return context_->clock->Correct(date_header, signed_at_);
  }
  if (renewed_ || !MayBeStaleCredentials(error)) return false;
  renewed_ = true;
  return context_->credentials->Forget(credentials_);
}

void RetryingCall::Repeat() {
  std::lock_guard lock(mutex_);
  waiting_ = true;
  current_ = context_->transport->After(std::chrono::milliseconds(0),
                                        [self = shared_from_this()] { self->Attempt(); });
}

net::HttpRequest RetryingCall::MakeRequest(const aws::Credentials& credentials,
                                           int timeout_ms) const {
  net::HttpRequest request;
  request.url = context_->options.endpoint_url + "/";
  request.body = body_;
  request.timeout_ms = timeout_ms;
  request.connect_timeout_ms = std::min(request.connect_timeout_ms, timeout_ms);

  aws::SigningRequest signing;
  signing.method = request.method;
  signing.path = "/";
  signing.payload = body_;
  signing.headers = {{"Host", context_->host},
                     {"Content-Type", kContentType},
                     {"X-Amz-Target", kTargetPrefix + operation_.name}};
  aws::SigningScope scope;
  scope.region = context_->options.region;
  scope.service = "dynamodb";
  scope.time = signed_at_;
  for (const auto& header : signing.headers) {
    request.headers.push_back({header.name, header.value});
  }
  for (auto& header : aws::Sign(signing, credentials, scope)) {
    request.headers.push_back({std::move(header.name), std::move(header.value)});
  }
  // Not signed: a proxy may change it, and the service does not ask for that.
  const bool may_compress =
      std::find(std::begin(kCompressedOperations), std::end(kCompressedOperations),
                operation_.name) != std::end(kCompressedOperations);
  if (may_compress && context_->compression->AsksForGzip()) {
    request.headers.push_back({"Accept-Encoding", "gzip"});
  }
  request.headers.push_back({"User-Agent", std::string("sumac/") + SUMAC_VERSION});
  return request;
}

Status RetryingCall::Judge(Result<net::HttpResponse>& response) {
  if (!response) return Fail(response.error());
  BodyTransfer transfer;
  transfer.wire_bytes = response->body.size();
  transfer.began = response->began;
  transfer.ended = response->ended;
  // Here and not where the page is decoded: the next request of the segment waits for the key that
  // is in it, and a wire that is slow enough for compression never keeps this thread busy.
  const auto inflating_since = context_->clock->MonotonicNow();
  const auto decoded = DecodeResponseBody(*response);
  if (response->status != 200) {
    // An error says more than its checksum; behind a proxy there may be none.
    return Fail(ClassifyServiceError(operation_, response->status, response->body,
                                     response->Header("x-amzn-RequestId")));
  }
  SUMAC_RETURN_IF_ERROR(decoded);
  transfer.decoded_bytes = response->body.size();
  transfer.compressed = transfer.decoded_bytes != transfer.wire_bytes;
  if (transfer.compressed) transfer.inflating = context_->clock->MonotonicNow() - inflating_since;
  context_->compression->Observe(transfer);
  return accept_(*response, transfer.wire_bytes);
}

void RetryingCall::LogAttempt(const Result<net::HttpResponse>& response) const {
  // What was sent and came back holds the user's data and is not for a log.
  if (!spdlog::should_log(spdlog::level::debug)) return;
  spdlog::debug("{} {}: {}, {} bytes, request id {}", operation_.name, operation_.table_name,
                response ? "HTTP " + std::to_string(response->status) : response.error().message,
                response ? response->body.size() : 0,
                response ? response->Header("x-amzn-RequestId") : "none");
}

void RetryingCall::OnResponse(Result<net::HttpResponse> response) {
  const bool from_service = response.has_value() && response->status != 200;
  LogAttempt(response);
  auto status = Judge(response);
  if (status) {
    Finish({});
    return;
  }
  Error error = std::move(status).error();
  // Errors of the service already say what failed.
  if (!from_service && error.code != ErrorCode::kCancelled) {
    std::string what = operation_.name;
    if (!operation_.table_name.empty()) what += " of table '" + operation_.table_name + "'";
    error = std::move(error).WithContext(what + " failed");
  }
  if (from_service && Cure(error, std::string(response->Header("Date")))) {
    Repeat();
    return;
  }
  RetryOrFail(std::move(error));
}

void RetryingCall::RetryOrFail(Error error) {
  std::unique_lock lock(mutex_);
  if (!done_) return;
  if (cancelled_) error = CancelledError();
  if (retry_ && context_->options.retry.ShouldRetry(error, attempts_)) {
    const int delay_ms =
        context_->options.retry.BackoffMs(error, attempts_ - 1, context_->UnitRandom());
    if (delay_ms < RemainingMs()) {
      waiting_ = true;
      current_ = context_->transport->After(std::chrono::milliseconds(delay_ms),
                                            [self = shared_from_this()] { self->Attempt(); });
      return;
    }
  }
  if (retry_ && attempts_ > 1 && error.retryable && !cancelled_) {
    error.message += "; gave up after " + std::to_string(attempts_) + " attempts";
  }
  lock.unlock();
  Finish(Fail(std::move(error)));
}

void RetryingCall::Finish(Status status) {
  std::function<void(Status)> done;
  {
    std::lock_guard lock(mutex_);
    done.swap(done_);
  }
  if (done) done(std::move(status));
}

}  // namespace sumac::dynamodb
