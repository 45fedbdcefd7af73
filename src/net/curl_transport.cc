#include "net/curl_transport.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <queue>
#include <thread>
#include <unordered_map>

#include <curl/curl.h>
#include <strings.h>
#include <unistd.h>

namespace sumac::net {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Up to here a Content-Length is believed when memory is set aside.
constexpr curl_off_t kReserveBytesMax = 16 << 20;
// More than this does not stay in the cache until the body's copy of it is made.
constexpr long kReceiveBufferBytes = 128 * 1024;
constexpr size_t kIdleHandlesMax = 64;
// How often it looks for memory that nobody needs.
constexpr std::chrono::seconds kDropUnusedEvery{5};

// Scheme, host and port for a message: a path may be a secret, a user always is one.
std::string Origin(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url.substr(0, url.find_first_of("/?#@"));
  const size_t start = scheme + 3;
  std::string authority = url.substr(start, url.find_first_of("/?#", start) - start);
  const size_t at = authority.rfind('@');
  if (at != std::string::npos) authority.erase(0, at + 1);
  return url.substr(0, start) + authority;
}

Error TransportError(CURLcode code, const std::string& url, const char* detail) {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.blame = Blame::kNetwork;
  error.retryable = true;
  const std::string reason = detail[0] != '\0' ? detail : curl_easy_strerror(code);
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      error = UserError(ErrorCode::kInvalidArgument, "'" + url + "' is no URL of a server");
      return error;
    case CURLE_OPERATION_TIMEDOUT:
      error.code = ErrorCode::kDeadlineExceeded;
      error.message = "no answer from " + url + " in time (" + reason + ")";
      return error;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      error.blame = Blame::kUser;
      error.retryable = false;
      error.message = "the certificate of " + url + " is not trusted (" + reason +
                      "); AWS_CA_BUNDLE names a file of certificates to trust";
      return error;
    case CURLE_SSL_CONNECT_ERROR:
      error.message = "no TLS connection to " + url + " (" + reason + "); TLS 1.2 is needed";
      return error;
    case CURLE_COULDNT_RESOLVE_PROXY:
      // Not the proxy's URL: it may hold a password.
      error.blame = Blame::kUser;
      error.message = "the proxy's host was not found; check HTTPS_PROXY and HTTP_PROXY";
      return error;
    case CURLE_COULDNT_RESOLVE_HOST:
      error.message = "the host of " + url + " was not found (" + reason + ")";
      return error;
    case CURLE_COULDNT_CONNECT:
      error.message = "could not connect to " + url + " (" + reason + ")";
      return error;
    default:
      error.message = "the connection to " + url + " broke (" + reason + ")";
      return error;
  }
}

// Easy handles that wait for their next exchange: a new one costs several times as much as one that
// is reset. They have their TLS sessions in common, so that a connection to a server that was
// reached before needs no full handshake. Of the I/O thread, but for the end: libcurl gets no
// locks.
class EasyHandles {
 public:
  EasyHandles() : shared_(curl_share_init()) {
    if (shared_ != nullptr) {
      curl_share_setopt(shared_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    }
  }
  // All that were taken have been given back.
  ~EasyHandles() {
    for (CURL* easy : idle_) curl_easy_cleanup(easy);
    if (shared_ != nullptr) curl_share_cleanup(shared_);
  }
  EasyHandles(const EasyHandles&) = delete;
  EasyHandles& operator=(const EasyHandles&) = delete;

  bool usable() const { return shared_ != nullptr; }

  // Null when libcurl has none.
  CURL* Take() {
    if (idle_.empty()) {
      CURL* easy = curl_easy_init();
      // A reset does not undo it.
      if (easy != nullptr) curl_easy_setopt(easy, CURLOPT_SHARE, shared_);
      return easy;
    }
    CURL* easy = idle_.back();
    idle_.pop_back();
    return easy;
  }

  void GiveBack(CURL* easy) {
    if (idle_.size() >= kIdleHandlesMax) {
      curl_easy_cleanup(easy);
      return;
    }
    // What it points to is about to go.
    curl_easy_reset(easy);
    idle_.push_back(easy);
  }

 private:
  CURLSH* const shared_;
  std::vector<CURL*> idle_;
};

// What exchanges need of their transport.
struct ExchangeContext {
  CurlTransportOptions options;
  std::shared_ptr<BodyBufferPool> bodies;
  EasyHandles handles;
};

// One exchange: its easy handle and what curl writes to. Owned by the loop, touched by its thread.
class Exchange {
 public:
  // `context` outlives it.
  Exchange(OperationId id, HttpRequest request, HttpCallback callback, ExchangeContext& context)
      : id_(id),
        request_(std::move(request)),
        callback_(std::move(callback)),
        context_(context),
        options_(context.options),
        body_bytes_max_(request_.body_bytes_max > 0 ? request_.body_bytes_max
                                                    : options_.body_bytes_max) {}

  ~Exchange() {
    if (easy_ != nullptr) context_.handles.GiveBack(easy_);
    curl_slist_free_all(header_list_);
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Null for a request that cannot be sent.
  CURL* Prepare() {
    for (const auto& header : request_.headers) {
      // Would begin a header of its own.
      if ((header.name + header.value).find_first_of("\r\n") != std::string::npos) return nullptr;
    }
    easy_ = context_.handles.Take();
    if (easy_ == nullptr) return nullptr;
    Set(CURLOPT_URL, request_.url.c_str());
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_TCP_NODELAY, 1L);
    Set(CURLOPT_FOLLOWLOCATION, 0L);
    Set(CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
    Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout_ms));
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout_ms));
    Set(CURLOPT_ERRORBUFFER, error_);
    Set(CURLOPT_PRIVATE, this);
    Set(CURLOPT_WRITEFUNCTION, &Exchange::OnBody);
    Set(CURLOPT_WRITEDATA, this);
    Set(CURLOPT_HEADERFUNCTION, &Exchange::OnHeader);
    Set(CURLOPT_HEADERDATA, this);
    if (request_.method != "GET") {
      Set(CURLOPT_POST, 1L);
      Set(CURLOPT_POSTFIELDS, request_.body.data());
      Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      if (request_.method != "POST") Set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
    // libcurl would add these two by itself.
    AddHeader("Expect:");
    AddHeader("Accept:");
    for (const auto& header : request_.headers) AddHeader(header.name + ": " + header.value);
    Set(CURLOPT_HTTPHEADER, header_list_);
    SetTls();
    SetProxy();
    return easy_;
  }

  void Finish(CURLcode code) {
    if (code != CURLE_OK) {
      if (too_long_) {
        Error error = UserError(ErrorCode::kResourceExhausted,
                                "the response of " + Origin(request_.url) + " is longer than " +
                                    std::to_string(body_bytes_max_) + " bytes");
        error.blame = Blame::kService;
        callback_(Fail(std::move(error)));
        return;
      }
      if (QuotesProxy()) {
        callback_(Fail(ErrorCode::kInvalidArgument,
                       "the proxy's URL is not understood; check HTTPS_PROXY and HTTP_PROXY"));
        return;
      }
      callback_(Fail(ProxyRefusal().value_or(TransportError(code, Origin(request_.url), error_))));
      return;
    }
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    response_.ended = std::chrono::steady_clock::now();
    callback_(std::move(response_));
  }

  // Whether it went over kept connections only, and the server had closed them: libcurl itself
  // tries a few others and then gives up. The second time it goes over a new connection.
  bool PrepareAgain(CURLcode code) {
    const bool closed =
        code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
    if (!closed || again_ || !response_.headers.empty() || response_.body.size() > 0) return false;
    long connects = 0;
    curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &connects);
    if (connects > 0) return false;
    again_ = true;
    error_[0] = '\0';
    Set(CURLOPT_FRESH_CONNECT, 1L);
    return true;
  }

  void FinishCancelled() { callback_(Fail(CancelledError("The request was cancelled."))); }

  OperationId id() const { return id_; }
  CURL* easy() const { return easy_; }

 private:
  void SetTls() {
    Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    Set(CURLOPT_SSL_VERIFYPEER, 1L);
    Set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (options_.certificate_bundle_path.empty()) return;
    Set(CURLOPT_CAINFO, options_.certificate_bundle_path.c_str());
    // Instead of the system's, not besides.
    Set(CURLOPT_CAPATH, nullptr);
  }

  // What a proxy that did not let the connection through said; nothing when that was not it.
  std::optional<Error> ProxyRefusal() const {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status < 400) return std::nullopt;
    Error error;
    error.code = ErrorCode::kUnavailable;
    error.retryable = status >= 500;
    error.blame = error.retryable ? Blame::kNetwork : Blame::kUser;
    error.message = "the proxy refused the connection to " + Origin(request_.url) + " (" +
                    std::to_string(status) + ")";
    if (status == 407) {
      error.message +=
          "; give its user and password in HTTPS_PROXY, http://user:password@host:port";
    }
    return error;
  }

  const SecretString& Proxy() const {
    const bool https = strncasecmp(request_.url.c_str(), "https:", 6) == 0;
    return https ? options_.proxies.for_https : options_.proxies.for_http;
  }

  // libcurl quotes a proxy's URL that it does not understand, with the password in it.
  bool QuotesProxy() const {
    return !Proxy().empty() &&
           std::string_view(error_).find(Proxy().Reveal()) != std::string_view::npos;
  }

  void SetProxy() {
    // Set even when empty: libcurl would look into the process environment by itself.
    Set(CURLOPT_PROXY, request_.bypass_proxy ? "" : Proxy().Reveal().c_str());
    Set(CURLOPT_NOPROXY, options_.proxies.bypass.c_str());
  }

  template <typename Value>
  void Set(CURLoption option, Value value) {
    curl_easy_setopt(easy_, option, value);
  }

  void AddHeader(const std::string& line) {
    header_list_ = curl_slist_append(header_list_, line.c_str());
  }

  static size_t OnBody(char* data, size_t, size_t size, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    auto& body = exchange.response_.body;
    if (body.empty()) {
      curl_off_t length = -1;
      curl_easy_getinfo(exchange.easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
      body = exchange.context_.bodies->Take(
          length > 0 ? static_cast<size_t>(std::min(length, kReserveBytesMax)) : size);
    }
    if (body.size() + size > exchange.body_bytes_max_) {
      exchange.too_long_ = true;
      return 0;
    }
    body.Append({data, size});
    return size;
  }

  static size_t OnHeader(char* data, size_t, size_t size, void* self) {
    auto& response = static_cast<Exchange*>(self)->response_;
    auto& headers = response.headers;
    std::string_view line(data, size);
    // A status line begins a new head; after "100 Continue" comes the real one.
    if (line.starts_with("HTTP/")) {
      headers.clear();
      response.began = std::chrono::steady_clock::now();
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    auto value = line.substr(colon + 1);
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!value.empty() && blank(value.front())) value.remove_prefix(1);
    while (!value.empty() && blank(value.back())) value.remove_suffix(1);
    headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
    return size;
  }

  const OperationId id_;
  const HttpRequest request_;
  const HttpCallback callback_;
  ExchangeContext& context_;
  const CurlTransportOptions& options_;
  const size_t body_bytes_max_;
  CURL* easy_ = nullptr;
  curl_slist* header_list_ = nullptr;
  char error_[CURL_ERROR_SIZE] = {};
  HttpResponse response_;
  bool too_long_ = false;
  bool again_ = false;
};

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
    thread_ = std::thread([self = shared_from_this()] { self->Run(); });
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
    if (std::this_thread::get_id() == thread_.get_id()) return;
    std::lock_guard lock(join_mutex_);
    if (thread_.joinable()) thread_.join();
    // What was sent after the thread ended.
    std::vector<std::unique_ptr<Exchange>> late;
    {
      std::lock_guard queue_lock(mutex_);
      late.swap(incoming_);
    }
    for (auto& exchange : late) exchange->FinishCancelled();
  }

  // For the destructor in a callback: nobody is left to wait for the thread.
  void Detach() {
    if (thread_.joinable()) thread_.detach();
  }
  bool OnThread() const { return std::this_thread::get_id() == thread_.get_id(); }

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
  std::thread thread_;
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
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_ALL); });
  auto loop = std::make_shared<Loop>(options);
  if (!loop->usable()) return Fail(InternalError("libcurl could not be set up"));
  loop->Start();
  return std::shared_ptr<CurlTransport>(new CurlTransport(std::move(loop)));
}

CurlTransport::CurlTransport(std::shared_ptr<Loop> loop) : loop_(std::move(loop)) {}

CurlTransport::~CurlTransport() {
  loop_->Stop();
  // Destroyed by one of its own callbacks: the thread ends by itself and keeps the loop alive.
  if (loop_->OnThread()) loop_->Detach();
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
