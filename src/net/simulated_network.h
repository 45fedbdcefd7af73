// A network in virtual time, for tests of what takes long: one thread, which runs the events in the
// order of their times and moves a ManualClock from one to the next. So a minute of a service with
// hundreds of requests a second takes no longer than its arithmetic, and comes out the same each
// time.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "base/clock.h"
#include "net/transport.h"

namespace sumac::net {

// Not thread-safe.
class SimulatedNetwork final : public Transport {
 public:
  struct Answer {
    Result<HttpResponse> response;
    // From the request to the last byte.
    std::chrono::milliseconds after{0};
  };
  // Called when a request is sent.
  using Handler = std::function<Answer(const HttpRequest&)>;

  SimulatedNetwork(ManualClock& clock, Handler handler)
      : clock_(clock), handler_(std::move(handler)) {}

  OperationId Send(HttpRequest request, HttpCallback callback) override {
    auto answer = handler_(request);
    Event event;
    event.run = [callback, response = std::move(answer.response)]() mutable {
      callback(std::move(response));
    };
    event.cancelled = [callback] { callback(Fail(CancelledError())); };
    return Add(answer.after, std::move(event));
  }

  OperationId After(std::chrono::milliseconds delay, std::function<void()> callback) override {
    Event event;
    event.run = std::move(callback);
    return Add(delay, std::move(event));
  }

  void Cancel(OperationId id) override {
    const auto due = due_.find(id);
    if (due == due_.end()) return;
    auto node = events_.extract({due->second, id});
    due_.erase(due);
    // An exchange says that it was cancelled, on its own turn.
    if (node.mapped().cancelled) After({}, std::move(node.mapped().cancelled));
  }

  // Runs the next event; false when there is none.
  bool RunNext() {
    if (events_.empty()) return false;
    auto node = events_.extract(events_.begin());
    due_.erase(node.key().second);
    clock_.Advance(std::chrono::duration_cast<std::chrono::milliseconds>(node.key().first -
                                                                         clock_.MonotonicNow()));
    node.mapped().run();
    return true;
  }

  // Lets go of every callback.
  void Stop() {
    events_.clear();
    due_.clear();
  }

 private:
  struct Event {
    std::function<void()> run;
    std::function<void()> cancelled;  // null for a timer
  };

  OperationId Add(std::chrono::milliseconds delay, Event event) {
    const auto id = ++last_id_;
    const auto due = clock_.MonotonicNow() + delay;
    due_[id] = due;
    events_.emplace(std::make_pair(due, id), std::move(event));
    return id;
  }

  ManualClock& clock_;
  const Handler handler_;
  // By time, then in the order in which they were added.
  std::map<std::pair<MonotonicTime, OperationId>, Event> events_;
  std::map<OperationId, MonotonicTime> due_;
  OperationId last_id_ = 0;
};

}  // namespace sumac::net
