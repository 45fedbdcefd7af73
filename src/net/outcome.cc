#include "net/outcome.h"

namespace sumac::net {
namespace {

// Held by a timer's callback: a transport that stops drops its timers without a word, and then the
// waiter must hear of it all the same.
class TimerSignal {
 public:
  explicit TimerSignal(std::shared_ptr<Outcome<void>> outcome) : outcome_(std::move(outcome)) {}
  ~TimerSignal() { outcome_->Set(Fail(CancelledError())); }
  TimerSignal(const TimerSignal&) = delete;
  TimerSignal& operator=(const TimerSignal&) = delete;
  void Ring() { outcome_->Set({}); }

 private:
  const std::shared_ptr<Outcome<void>> outcome_;
};

}  // namespace

Result<HttpResponse> SendAndWait(Transport& transport, HttpRequest request,
                                 const std::atomic<bool>* cancelled) {
  auto outcome = std::make_shared<Outcome<HttpResponse>>();
  const auto id = transport.Send(std::move(request), [outcome](Result<HttpResponse> response) {
    outcome->Set(std::move(response));
  });
  auto response = outcome->Wait(cancelled);
  if (!response && response.error().code == ErrorCode::kCancelled) transport.Cancel(id);
  return response;
}

Status WaitFor(Transport& transport, std::chrono::milliseconds delay,
               const std::atomic<bool>* cancelled) {
  auto outcome = std::make_shared<Outcome<void>>();
  const auto id =
      transport.After(delay, [signal = std::make_shared<TimerSignal>(outcome)] { signal->Ring(); });
  auto waited = outcome->Wait(cancelled);
  if (!waited) transport.Cancel(id);
  return waited;
}

}  // namespace sumac::net
