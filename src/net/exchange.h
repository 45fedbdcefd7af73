// One HTTP exchange of the curl transport, and what exchanges have in common. Internal to net/.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

#include "net/curl_transport.h"

namespace sumac::net {

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
  static constexpr size_t kIdleHandlesMax = 64;

  CURLSH* const shared_;
  std::vector<CURL*> idle_;
};

// What exchanges need of their transport.
struct ExchangeContext {
  CurlTransportOptions options;
  std::shared_ptr<BodyBufferPool> bodies;
  EasyHandles handles;
  // When set, receives the body of a response with status 200 instead of the response, whose head
  // it is given; false ends the exchange as if the connection broke.
  std::function<bool(const HttpResponse& head, std::string_view part)> on_body_part;
};

// One exchange: its easy handle and what curl writes to. Owned by the transport's loop, touched by
// its thread.
class Exchange {
 public:
  // `context` outlives it.
  Exchange(OperationId id, HttpRequest request, HttpCallback callback, ExchangeContext& context);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Null for a request that cannot be sent.
  CURL* Prepare();

  // Calls back, once, with what came of it.
  void Finish(CURLcode code);
  void FinishCancelled();

  // Whether it went over kept connections only, and the server had closed them: libcurl itself
  // tries a few others and then gives up. The second time it goes over a new connection.
  bool PrepareAgain(CURLcode code);

  OperationId id() const { return id_; }
  CURL* easy() const { return easy_; }

 private:
  void SetTls();
  void SetProxy();
  // What a proxy that did not let the connection through said; nothing when that was not it.
  std::optional<Error> ProxyRefusal() const;
  const SecretString& Proxy() const;
  // libcurl quotes a proxy's URL that it does not understand, with the password in it.
  bool QuotesProxy() const;

  template <typename Value>
  void Set(CURLoption option, Value value) {
    curl_easy_setopt(easy_, option, value);
  }
  void AddHeader(const std::string& line) {
    header_list_ = curl_slist_append(header_list_, line.c_str());
  }

  // libcurl's callbacks.
  static size_t OnBody(char* data, size_t, size_t size, void* self);
  static size_t OnHeader(char* data, size_t, size_t size, void* self);

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

}  // namespace sumac::net
