#include "server/http/connection.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "server/http/client_stream.h"
#include "server/http/error_reply.h"
#include "server/http/request_handler.h"
#include "server/http/route.h"
#include "server/http/sql_request.h"
#include "server/observation/observed_request.h"
#include "server/security/request_access.h"
#include "server/security/tls_context.h"
#include "sumac_version.h"

namespace sumac::server {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr size_t kReadBytes = 32 << 10;
// Requests that a client sends ahead while one is answered; it has to wait after that many bytes.
constexpr size_t kSentAheadBytesMax = 256 << 10;
constexpr uint64_t kLargeBodyBytes = 1 << 20;
// After a response that ends the connection, the client may still be sending. Its bytes are read
// and dropped for a while, because closing over them would take the response away from it.
constexpr milliseconds kLingerTimeout{2000};
constexpr milliseconds kCancelAgainAfter{100};

class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(asio::ip::tcp::socket socket, ConnectionContext& context,
                 std::function<void()> closed)
      : stream_(std::move(socket), context.tls == nullptr ? nullptr : context.tls->Current()),
        context_(context),
        options_(context.options),
        closed_callback_(std::move(closed)),
        deadline_(stream_.get_executor()),
        cancel_timer_(stream_.get_executor()) {}

  ~HttpConnection() override {
    ReleaseBodyBytes();
    closed_callback_();
  }

  void Start() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      error_code ignored;
      self->stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
      self->BeginTalk();
    });
  }

  void CloseWhenIdle() override {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      const bool idle = self->state_ == State::kHandshaking ||
                        (self->state_ == State::kReading && !self->request_begun_);
      if (idle) self->Close();
    });
  }

  void CloseNow() override {
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->Close(); });
  }

 private:
  enum class State { kHandshaking, kReading, kContinuing, kResponding, kLingering, kClosed };
  using Parser = beast_http::request_parser<beast_http::string_body>;
  using StringResponse = beast_http::response<beast_http::string_body>;
  using EmptyResponse = beast_http::response<beast_http::empty_body>;

  // Reading.

  void BeginTalk() {
    SetDeadline(options_.header_timeout_ms);
    stream_.Handshake([self = shared_from_this()](error_code error, bool plain) {
      if (self->state_ == State::kClosed) return;
      if (error) return self->Close();
      if (!plain) return self->AwaitRequest();
      self->keep_alive_ = false;
      self->SendReply(TextReply(400, "This address speaks HTTPS only; ask https://."));
    });
  }

  void AwaitRequest() {
    state_ = State::kReading;
    request_begun_ = false;
    origin_.clear();
    parser_.emplace();
    parser_->header_limit(options_.header_bytes_max);
    parser_->body_limit(options_.body_bytes_max);
    parser_->eager(true);
    SetDeadline(options_.idle_timeout_ms);
    if (received_.empty()) {
      ReadMore();
    } else {
      Parse();
    }
  }

  // One read is always pending, also while a query runs: that is how a client's leaving is seen.
  void ReadMore() {
    if (read_pending_ || state_ == State::kClosed) return;
    read_pending_ = true;
    stream_.async_read_some(asio::buffer(incoming_),
                            [self = shared_from_this()](error_code error, size_t size) {
                              self->read_pending_ = false;
                              self->OnRead(error, size);
                            });
  }

  void OnRead(error_code error, size_t size) {
    if (state_ == State::kClosed) return;
    if (error) return Close();
    if (state_ == State::kLingering) return ReadMore();
    received_.append(incoming_.data(), size);
    if (state_ == State::kReading) return Parse();
    if (received_.size() < kSentAheadBytesMax) ReadMore();
  }

  void Parse() {
    if (!request_begun_) {
      request_begun_ = true;
      SetDeadline(options_.header_timeout_ms);
    }
    const bool had_header = parser_->is_header_done();
    error_code error;
    const size_t parsed = parser_->put(asio::buffer(received_), error);
    received_.erase(0, parsed);
    if (error && error != beast_http::error::need_more) return RefuseRequest(error);
    if (!ReserveBodyBytes()) {
      keep_alive_ = false;
      return SendReply(TextReply(503, "Too many large requests are being received. Try again."));
    }
    if (!had_header && parser_->is_header_done()) {
      if (auto refused = OnHeader()) return SendReply(*std::move(refused));
      if (SendContinue()) return;
    }
    if (parser_->is_done()) return Dispatch();
    ReadMore();
  }

  void RefuseRequest(error_code error) {
    keep_alive_ = false;
    if (!observed_.begun()) {
      observed_.Begin(context_.clock.MonotonicNow(), "other", MakeRequestContext({}, {}));
    }
    if (error == beast_http::error::body_limit) {
      return SendReply(TextReply(
          413, fmt::format("The request body is larger than {} bytes.", options_.body_bytes_max)));
    }
    if (error == beast_http::error::header_limit) {
      return SendReply(TextReply(431, fmt::format("The request header is larger than {} bytes.",
                                                  options_.header_bytes_max)));
    }
    SendReply(TextReply(400, fmt::format("This is not an HTTP request: {}.", error.message())));
  }

  // Returns the answer of a request whose body is not worth waiting for.
  std::optional<HttpReply> OnHeader() {
    SetDeadline(options_.body_timeout_ms);
    const auto& request = parser_->get();
    keep_alive_ = request.keep_alive();
    head_ = request.method() == beast_http::verb::head;
    version_ = request.version();
    observed_.Begin(
        context_.clock.MonotonicNow(), Text(request.method_string()),
        MakeRequestContext(Text(request["X-Request-Id"]), Text(request["traceparent"])));
    route_ = FindRoute(Text(request.method_string()), Text(request.target()), options_.interface);
    if (route_) observed_.SetPath(route_->path);
    origin_ = Text(request[beast_http::field::origin]);
    if (IsPreflight()) return options_.cors.PreflightReply();
    auto refused =
        RefuseAccess(*options_.api_keys->Get(), route_ ? &route_->endpoint : nullptr,
                     {Text(request["X-API-Key"]), Text(request[beast_http::field::authorization])});
    if (refused && !parser_->is_done()) keep_alive_ = false;
    return refused;
  }

  // A browser's question whether a page may ask something, which shows no key.
  bool IsPreflight() const {
    const auto& request = parser_->get();
    return options_.cors.enabled() && request.method() == beast_http::verb::options &&
           !origin_.empty() && !request[beast_http::field::access_control_request_method].empty();
  }

  // True when the client waits to hear that it may go on: reading goes on when it was told.
  bool SendContinue() {
    const auto& expect = parser_->get()[beast_http::field::expect];
    if (expect.empty() || parser_->is_done() || !received_.empty()) return false;
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    state_ = State::kContinuing;
    BeginWrite();
    asio::async_write(stream_, asio::buffer(kContinue),
                      [self = shared_from_this()](error_code error, size_t) {
                        if (!self->EndWrite(error)) return;
                        self->state_ = State::kReading;
                        self->SetDeadline(self->options_.body_timeout_ms);
                        self->Parse();
                      });
    return true;
  }

  // Accounts for the part of the body that is in memory.
  bool ReserveBodyBytes() {
    const uint64_t bytes = parser_->get().body().size();
    if (bytes < kLargeBodyBytes || bytes == body_bytes_) return true;
    const uint64_t more = bytes - body_bytes_;
    body_bytes_ = bytes;
    return context_.large_body_bytes.fetch_add(more) + more <= options_.large_body_bytes_max;
  }

  void ReleaseBodyBytes() { context_.large_body_bytes.fetch_sub(std::exchange(body_bytes_, 0)); }

  // Answering.

  void Dispatch() {
    ClearDeadline();
    auto& request = parser_->get();
    IncomingRequest incoming;
    incoming.body = std::move(request.body());
    request.body() = {};
    incoming.content_type = Text(request[beast_http::field::content_type]);
    incoming.accept = Text(request[beast_http::field::accept]);
    incoming.cache_control = Text(request[beast_http::field::cache_control]);
    incoming.query_timeout = Text(request[kQueryTimeoutHeader]);
    incoming.origin = origin_;
    incoming.host = Text(request[beast_http::field::host]);
    incoming.context = observed_.context();
    auto handling = HandleRequest(context_, route_, std::move(incoming), stream_.get_executor());
    if (auto* reply = std::get_if<HttpReply>(&handling)) return SendReply(std::move(*reply));
    RunJob(std::get<MakeJob>(handling));
  }

  // Has a worker do the job that `make` makes for the channel it is to answer into.
  void RunJob(const MakeJob& make) {
    state_ = State::kResponding;
    channel_ = std::make_shared<ResponseChannel>(
        options_.pieces_buffered_max, [weak = weak_from_this(), executor = stream_.get_executor()] {
          asio::post(executor, [weak] {
            if (const auto self = weak.lock()) self->SendNext();
          });
        });
    job_ = make(channel_);
    if (!job_->AnswerNow() && !context_.runner.Submit(job_)) {
      job_->Refuse(TextReply(503, "Too many queries are waiting. Try again."));
    }
    ReadMore();
  }

  // Sends what the query has ready, one write at a time.
  void SendNext() {
    if (state_ != State::kResponding || write_pending_ || channel_ == nullptr) return;
    ResponseChannel::Event event = channel_->Take();
    switch (event.kind) {
      case ResponseChannel::EventKind::kNone:
        return;
      case ResponseChannel::EventKind::kReply:
        return SendReply(std::move(event.reply));
      case ResponseChannel::EventKind::kStart:
        return SendStreamHeader(event.reply);
      case ResponseChannel::EventKind::kPiece:
        return SendPiece(std::move(event.bytes));
      case ResponseChannel::EventKind::kFinished:
        return SendStreamEnd();
      case ResponseChannel::EventKind::kAborted:
        return AbortStream();
    }
  }

  void SendReply(HttpReply reply) {
    state_ = State::kResponding;
    reply_.emplace(static_cast<beast_http::status>(reply.status), version_);
    observed_.SetStatus(reply.status);
    FillHeader(reply.content_type, *reply_);
    for (const auto& [name, value] : reply.headers) reply_->set(name, value);
    reply_->body() = std::move(reply.body);
    reply_->prepare_payload();
    if (reply.status == 204) {
      // It has no body, and may not say how long that is.
      reply_->content_length(boost::none);
      reply_->erase(beast_http::field::content_type);
    }
    reply_serializer_.emplace(*reply_);
    BeginWrite();
    const auto done = [self = shared_from_this()](error_code error, size_t) {
      if (self->EndWrite(error)) self->EndExchange();
    };
    if (head_) {
      beast_http::async_write_header(stream_, *reply_serializer_, done);
    } else {
      beast_http::async_write(stream_, *reply_serializer_, done);
    }
  }

  void SendStreamHeader(const HttpReply& header) {
    // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
    chunked_ = version_ >= 11;
    if (!chunked_) keep_alive_ = false;
    stream_header_.emplace(beast_http::status::ok, version_);
    observed_.SetStatus(200);
    FillHeader(header.content_type, *stream_header_);
    for (const auto& [name, value] : header.headers) stream_header_->set(name, value);
    stream_header_->chunked(chunked_);
    stream_serializer_.emplace(*stream_header_);
    BeginWrite();
    beast_http::async_write_header(stream_, *stream_serializer_,
                                   [self = shared_from_this()](error_code error, size_t) {
                                     if (self->EndWrite(error)) self->SendNext();
                                   });
  }

  void SendPiece(std::string bytes) {
    piece_ = std::move(bytes);
    BeginWrite();
    const auto done = [self = shared_from_this()](error_code error, size_t) {
      if (self->EndWrite(error)) self->SendNext();
    };
    if (chunked_) {
      asio::async_write(stream_, beast_http::make_chunk(asio::buffer(piece_)), done);
    } else {
      asio::async_write(stream_, asio::buffer(piece_), done);
    }
  }

  void SendStreamEnd() {
    if (!chunked_) return EndExchange();
    BeginWrite();
    asio::async_write(stream_, beast_http::make_chunk_last(),
                      [self = shared_from_this()](error_code error, size_t) {
                        if (self->EndWrite(error)) self->EndExchange();
                      });
  }

  // The client must not take what it has for the whole: a chunked body lacks its last chunk;
  // without chunks only a reset tells.
  void AbortStream() {
    error_code ignored;
    if (!chunked_) stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    Close();
  }

  template <typename Response>
  void FillHeader(const std::string& content_type, Response& response) {
    if (context_.stopping) keep_alive_ = false;
    response.keep_alive(keep_alive_);
    response.set(beast_http::field::server, "sumac/" SUMAC_VERSION);
    const auto now = std::chrono::system_clock::to_time_t(context_.clock.WallNow());
    response.set(beast_http::field::date,
                 fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now)));
    response.set(beast_http::field::content_type, content_type);
    response.set("X-Content-Type-Options", "nosniff");
    const auto set = [&](const char* name, const std::string& text) { response.set(name, text); };
    observed_.AddHeaders(set);
    options_.cors.AddHeaders(origin_, set);
  }

  void BeginWrite() {
    write_pending_ = true;
    SetDeadline(options_.write_timeout_ms);
  }

  bool EndWrite(error_code error) {
    write_pending_ = false;
    ClearDeadline();
    if (state_ == State::kClosed) return false;
    if (error) Close();
    return !error;
  }

  void EndExchange() {
    observed_.End(options_.metrics, context_.clock.MonotonicNow());
    ReleaseBodyBytes();
    channel_.reset();
    job_.reset();
    head_ = false;
    if (keep_alive_ && !context_.stopping) return AwaitRequest();
    stream_.ShutdownSend(shared_from_this());
    state_ = State::kLingering;
    received_.clear();
    SetDeadline(static_cast<uint32_t>(kLingerTimeout.count()));
    ReadMore();
  }

  // Ending.

  void Close() {
    if (state_ == State::kClosed) return;
    state_ = State::kClosed;
    observed_.End(options_.metrics, context_.clock.MonotonicNow());
    error_code ignored;
    stream_.socket().close(ignored);
    deadline_.cancel();
    if (channel_ != nullptr) channel_->Close();
    if (job_ != nullptr) CancelUntilDone();
  }

  void CancelUntilDone() {
    if (job_->done()) return;
    job_->Cancel();
    cancel_timer_.expires_after(kCancelAgainAfter);
    cancel_timer_.async_wait([self = shared_from_this()](error_code) { self->CancelUntilDone(); });
  }

  void SetDeadline(uint32_t timeout_ms) {
    deadline_.expires_after(milliseconds(timeout_ms));
    deadline_.async_wait([weak = weak_from_this(), turn = ++deadline_turn_](error_code error) {
      const auto self = weak.lock();
      if (self != nullptr && !error && turn == self->deadline_turn_) self->Close();
    });
  }

  void ClearDeadline() {
    ++deadline_turn_;
    deadline_.cancel();
  }

  static std::string_view Text(boost::beast::string_view text) {
    return std::string_view(text.data(), text.size());
  }

  ClientStream stream_;
  ConnectionContext& context_;
  const HttpServerOptions& options_;
  std::function<void()> closed_callback_;
  asio::steady_timer deadline_;
  uint64_t deadline_turn_ = 0;
  asio::steady_timer cancel_timer_;
  State state_ = State::kHandshaking;

  std::array<char, kReadBytes> incoming_;
  bool read_pending_ = false;
  std::string received_;  // not parsed yet
  bool request_begun_ = false;
  std::optional<Parser> parser_;
  uint64_t body_bytes_ = 0;  // of ConnectionContext::large_body_bytes

  ObservedRequest observed_;
  std::string origin_;  // the request's Origin, empty without one
  // Of the request's header.
  RouteResult route_;
  unsigned version_ = 11;
  bool keep_alive_ = true;
  bool head_ = false;
  bool chunked_ = false;
  bool write_pending_ = false;
  std::optional<StringResponse> reply_;
  std::optional<beast_http::response_serializer<beast_http::string_body>> reply_serializer_;
  std::optional<EmptyResponse> stream_header_;
  std::optional<beast_http::response_serializer<beast_http::empty_body>> stream_serializer_;
  std::string piece_;
  std::shared_ptr<ResponseChannel> channel_;
  std::shared_ptr<Job> job_;
};

}  // namespace

std::shared_ptr<Connection> StartConnection(asio::ip::tcp::socket socket,
                                            ConnectionContext& context,
                                            std::function<void()> closed) {
  auto connection = std::make_shared<HttpConnection>(std::move(socket), context, std::move(closed));
  connection->Start();
  return connection;
}

}  // namespace sumac::server
