#include "net/curl_transport.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <queue>
#include <unordered_map>

#include <unistd.h>

#include "base/background_thread.h"
#include "net/exchange.h"

namespace sumac::net {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// How often it looks for memory that nobody needs.
constexpr std::chrono::seconds kDropUnusedEvery{5};

struct Timer {
  SteadyTime due;
  OperationId id;
  friend bool operator>(const Timer& a, const Timer& b) {
    return a.due != b.due ? a.due > b.due : a.id > b.id;
  }
};

}  // namespace

class CurlTransport::Loop : public std::enable_shared_from_this<Loop> {
 public:
  explicit Loop(CurlTransportOptions options)
      : multi_(curl_multi_init()), drop_unused_at_(std::chrono::steady_clock::now()) {
    context_.bodies = BodyBufferPool::Make(options.idle_body_bytes_max);
    context_.options = std::move(options);
    if (multi_ == nullptr) return;
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(context_.options.connections_per_host_max));
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS,
                      static_cast<long>(context_.options.connections_per_host_max));
  }
  ~Loop() {
    if (multi_ != nullptr) curl_multi_cleanup(multi_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  bool usable() const { return multi_ != nullptr && context_.handles.usable(); }

  void Start() {
    thread_ = BackgroundThread([self = shared_from_this()] { self->Run(); },
                               [weak = weak_from_this()] {
                                 if (const auto self = weak.lock()) self->Stop();
                               });
  }

  OperationId Send(HttpRequest request, HttpCallback callback) {
    const OperationId id = next_id_.fetch_add(1);
    auto exchange =
        std::make_unique<Exchange>(id, std::move(request), std::move(callback), context_);
    {
      std::lock_guard lock(mutex_);
      incoming_.push_back(std::move(exchange));
    }
    Wake();
    return id;
  }

  OperationId After(std::chrono::milliseconds delay, std::function<void()> callback) {
    const OperationId id = next_id_.fetch_add(1);
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return id;
      timers_.push({std::chrono::steady_clock::now() + delay, id});
      timer_callbacks_.emplace(id, std::move(callback));
    }
    Wake();
    return id;
  }

  void Cancel(OperationId id) {
    // What a callback holds may end with it, and may call us: never under the lock.
    std::unordered_map<OperationId, std::function<void()>>::node_type timer;
    {
      std::lock_guard lock(mutex_);
      timer = timer_callbacks_.extract(id);
      if (!timer.empty()) return;
      cancelled_.push_back(id);
    }
    Wake();
  }

  void Stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    Wake();
    // A callback holds the last reference: the thread ends by itself and keeps the loop alive.
    if (thread_.IsThisThread()) return;
    std::lock_guard lock(join_mutex_);
    thread_.Join();
    // What was sent after the thread ended.
    std::vector<std::unique_ptr<Exchange>> late;
    {
      std::lock_guard queue_lock(mutex_);
      late.swap(incoming_);
    }
    for (auto& exchange : late) exchange->FinishCancelled();
  }

 private:
  void Wake() { curl_multi_wakeup(multi_); }

  void Run() {
    while (true) {
      bool stop = false;
      TakeWork(stop);
      if (stop) break;
      int running = 0;
      curl_multi_perform(multi_, &running);
      CollectFinished();
      RunDueTimers();
      DropUnusedMemory();
      curl_multi_poll(multi_, nullptr, 0, PollTimeoutMs(), nullptr);
    }
    EndAll();
  }

  void TakeWork(bool& stop) {
    std::vector<std::unique_ptr<Exchange>> incoming;
    std::vector<OperationId> cancelled;
    {
      std::lock_guard lock(mutex_);
      incoming.swap(incoming_);
      cancelled.swap(cancelled_);
      stop = stopping_;
    }
    for (auto& exchange : incoming) Begin(std::move(exchange));
    for (const auto id : cancelled) {
      const auto found = active_.find(id);
      if (found == active_.end()) continue;
      auto exchange = std::move(found->second);
      active_.erase(found);
      curl_multi_remove_handle(multi_, exchange->easy());
      exchange->FinishCancelled();
    }
  }

  void Begin(std::unique_ptr<Exchange> exchange) {
    CURL* easy = exchange->Prepare();
    if (easy == nullptr || curl_multi_add_handle(multi_, easy) != CURLM_OK) {
      exchange->Finish(CURLE_FAILED_INIT);
      return;
    }
    const OperationId id = exchange->id();
    active_.emplace(id, std::move(exchange));
  }

  void CollectFinished() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      CURL* easy = message->easy_handle;
      Exchange* done = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &done);
      const auto found = active_.find(done->id());
      auto exchange = std::move(found->second);
      active_.erase(found);
      curl_multi_remove_handle(multi_, easy);
      if (exchange->PrepareAgain(code) && curl_multi_add_handle(multi_, easy) == CURLM_OK) {
        active_.emplace(exchange->id(), std::move(exchange));
        continue;
      }
      exchange->Finish(code);
    }
  }

  void RunDueTimers() {
    while (true) {
      std::function<void()> callback;
      {
        std::lock_guard lock(mutex_);
        if (timers_.empty() || timers_.top().due > std::chrono::steady_clock::now()) return;
        const auto found = timer_callbacks_.find(timers_.top().id);
        timers_.pop();
        if (found == timer_callbacks_.end()) continue;
        callback = std::move(found->second);
        timer_callbacks_.erase(found);
      }
      callback();
    }
  }

  void DropUnusedMemory() {
    const auto now = std::chrono::steady_clock::now();
    if (now < drop_unused_at_) return;
    context_.bodies->DropUnused();
    drop_unused_at_ = now + kDropUnusedEvery;
  }

  int PollTimeoutMs() {
    constexpr std::chrono::milliseconds kIdle = std::chrono::minutes(1);
    const auto idle_ms = static_cast<int>(context_.bodies->IdleBytes() > 0
                                              ? std::chrono::milliseconds(kDropUnusedEvery).count()
                                              : kIdle.count());
    std::lock_guard lock(mutex_);
    if (!incoming_.empty() || !cancelled_.empty() || stopping_) return 0;
    if (timers_.empty()) return idle_ms;
    const auto wait = timers_.top().due - std::chrono::steady_clock::now();
    const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    return static_cast<int>(std::clamp<int64_t>(wait_ms, 0, idle_ms));
  }

  void EndAll() {
    while (!active_.empty()) {
      auto exchange = std::move(active_.begin()->second);
      active_.erase(active_.begin());
      curl_multi_remove_handle(multi_, exchange->easy());
      exchange->FinishCancelled();
    }
    // Callbacks may have sent more, and what the timers hold may call us.
    std::unordered_map<OperationId, std::function<void()>> timers;
    std::vector<std::unique_ptr<Exchange>> incoming;
    do {
      incoming.clear();
      {
        std::lock_guard lock(mutex_);
        timers.swap(timer_callbacks_);
        incoming.swap(incoming_);
      }
      timers.clear();
      for (auto& exchange : incoming) exchange->FinishCancelled();
    } while (!incoming.empty());
  }

  ExchangeContext context_;
  CURLM* const multi_;
  BackgroundThread thread_;
  std::mutex join_mutex_;
  std::atomic<OperationId> next_id_{1};

  std::mutex mutex_;
  std::vector<std::unique_ptr<Exchange>> incoming_;                         // guarded
  std::vector<OperationId> cancelled_;                                      // guarded
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;   // guarded
  std::unordered_map<OperationId, std::function<void()>> timer_callbacks_;  // guarded
  bool stopping_ = false;                                                   // guarded

  // Of the I/O thread.
  std::unordered_map<OperationId, std::unique_ptr<Exchange>> active_;
  SteadyTime drop_unused_at_;
};

ProxySettings ProxySettingsFrom(const std::map<std::string, std::string>& environment) {
  const auto first_of = [&](std::initializer_list<const char*> names) -> std::string {
    for (const char* name : names) {
      const auto found = environment.find(name);
      if (found != environment.end() && !found->second.empty()) return found->second;
    }
    return "";
  };
  ProxySettings settings;
  settings.for_http =
      SecretString(first_of({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}));
  settings.for_https =
      SecretString(first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}));
  settings.bypass = first_of({"no_proxy", "NO_PROXY"});
  return settings;
}

Result<std::shared_ptr<CurlTransport>> CurlTransport::Create(CurlTransportOptions options) {
  const std::string& bundle = options.certificate_bundle_path;
  if (!bundle.empty() && access(bundle.c_str(), R_OK) != 0) {
    return Fail(ErrorCode::kInvalidArgument,
                "the file of certificates " + bundle + " cannot be read; AWS_CA_BUNDLE names it");
  }
  static std::once_flag once;
  std::call_once(once, [] {
    curl_global_init(CURL_GLOBAL_ALL);
    BackgroundThread::EndBeforeLibraries();
  });
  auto loop = std::make_shared<Loop>(options);
  if (!loop->usable()) return Fail(InternalError("libcurl could not be set up"));
  loop->Start();
  return std::shared_ptr<CurlTransport>(new CurlTransport(std::move(loop)));
}

CurlTransport::CurlTransport(std::shared_ptr<Loop> loop) : loop_(std::move(loop)) {}

CurlTransport::~CurlTransport() {
  loop_->Stop();
}

OperationId CurlTransport::Send(HttpRequest request, HttpCallback callback) {
  return loop_->Send(std::move(request), std::move(callback));
}

OperationId CurlTransport::After(std::chrono::milliseconds delay, std::function<void()> callback) {
  return loop_->After(delay, std::move(callback));
}

void CurlTransport::Cancel(OperationId id) {
  loop_->Cancel(id);
}

void CurlTransport::Stop() {
  loop_->Stop();
}

}  // namespace sumac::net
