// A service that answers from a list, on a network and a clock of its own: for tests of what asks
// it.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/service_fetch.h"
#include "aws/signing_clock.h"
#include "net/fake_transport.h"

namespace sumac::aws {

// Nothing: no answer before the timeout.
using ScriptedAnswer = std::optional<Result<net::HttpResponse>>;

inline ScriptedAnswer Respond(int status, const std::string& body,
                              std::vector<net::HttpHeader> headers = {}) {
  net::HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = body;
  return Result<net::HttpResponse>(std::move(response));
}

inline ScriptedAnswer RefuseConnection() {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.blame = Blame::kNetwork;
  error.retryable = true;
  error.message = "the connection was refused";
  return Result<net::HttpResponse>(Fail(std::move(error)));
}

// The first header with this name; empty when there is none.
inline std::string HeaderOf(const net::HttpRequest& request, std::string_view name) {
  for (const auto& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

class ScriptedService {
 public:
  // The last answer is repeated.
  explicit ScriptedService(std::vector<ScriptedAnswer> answers) : answers_(std::move(answers)) {}
  ~ScriptedService() { transport_->Stop(); }
  ScriptedService(const ScriptedService&) = delete;
  ScriptedService& operator=(const ScriptedService&) = delete;

  const std::shared_ptr<ManualClock>& clock() const { return clock_; }
  const std::shared_ptr<SigningClock>& signing_clock() const { return signing_clock_; }
  const std::shared_ptr<net::FakeTransport>& transport() const { return transport_; }
  const std::shared_ptr<ServiceFetch>& fetch() const { return fetch_; }

  // What was asked so far.
  std::vector<net::HttpRequest> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

  // Answers from this list from now on.
  void AnswerWith(std::vector<ScriptedAnswer> answers) {
    std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
    answered_ = 0;
  }

 private:
  ScriptedAnswer Answer(const net::HttpRequest& request) {
    std::lock_guard lock(mutex_);
    requests_.push_back(request);
    return answers_[std::min(answered_++, answers_.size() - 1)];
  }

  mutable std::mutex mutex_;
  std::vector<ScriptedAnswer> answers_;     // guarded
  size_t answered_ = 0;                     // guarded
  std::vector<net::HttpRequest> requests_;  // guarded
  const std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(WallTime{std::chrono::seconds(1'700'000'000)});
  const std::shared_ptr<SigningClock> signing_clock_ = std::make_shared<SigningClock>(clock_);
  const std::shared_ptr<net::FakeTransport> transport_ = std::make_shared<net::FakeTransport>(
      *clock_, [this](const net::HttpRequest& request) { return Answer(request); });
  const std::shared_ptr<ServiceFetch> fetch_ = std::make_shared<ServiceFetch>(transport_, 7);
};

}  // namespace sumac::aws
