#include "server/http/http_server.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "server/http/connection.h"
#include "server/http/listen_address.h"
#include "server/observation/server_metrics.h"
#include "server/security/exposure.h"

namespace sumac::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

// After the queries are done, for the last bytes to reach the clients.
constexpr milliseconds kFlushTimeout{2000};
constexpr milliseconds kInterruptAgainAfter{50};
// When accepting fails for want of descriptors, it succeeds again once connections have closed.
constexpr milliseconds kAcceptAgainAfter{100};

Error CannotListen(const std::string& address, Interface interface, const error_code& error) {
  std::string why = error.message();
  if (!why.empty()) why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
  return UserError(ErrorCode::kUnavailable,
                   fmt::format("could not listen on {}: {}; choose another with {}", address, why,
                               interface == Interface::kMetrics ? "--metrics" : "--http"));
}

}  // namespace

class HttpServer::State {
 public:
  State(HttpServerOptions options, std::shared_ptr<Backend> backend, const Clock& clock)
      : options_(std::move(options)),
        backend_(std::move(backend)),
        runner_(options_.query_threads, options_.queued_queries_max),
        tls_(options_.tls == nullptr ? nullptr : std::make_unique<TlsContext>(options_.tls)),
        active_queries_(options_.active_queries != nullptr
                            ? options_.active_queries
                            : std::make_shared<ActiveQueries>(clock)),
        history_(options_.history != nullptr ? options_.history : QueryHistory::CreateEmpty(clock)),
        context_{options_, *backend_, clock, runner_, *active_queries_, tls_.get(), *history_},
        io_(options_.io_threads),
        acceptor_(asio::make_strand(io_)),
        accept_timer_(acceptor_.get_executor()) {}

  ~State() { Stop(); }

  Status Listen() {
    SUMAC_ASSIGN_OR_RETURN(address_, ParseListenAddress(options_.listen));
    const tcp::endpoint endpoint(asio::ip::make_address(address_.host), address_.port);
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return Fail(CannotListen(ListenAddressText(address_), options_.interface, error));
    address_.port = acceptor_.local_endpoint().port();
    if (options_.metrics != nullptr) options_.metrics->Add(kHttpServerStarted, {});
    options_.components->SetListening(options_.interface, ListenAddressText(address_));
    WarnIfExposed(address_, {options_.interface == Interface::kMetrics ? "The metrics server"
                                                                       : "The HTTP server",
                             options_.interface != Interface::kMetrics,
                             options_.api_keys->Get()->required(), options_.tls != nullptr});
    return {};
  }

  void Serve() {
    asio::post(acceptor_.get_executor(), [this] { Accept(); });
    for (int i = 0; i < options_.io_threads; ++i) {
      threads_.emplace_back([this] { io_.run(); });
    }
  }

  void Stop() { Stop(milliseconds(options_.stop_grace_ms)); }

  void Stop(milliseconds grace) {
    std::lock_guard stop_lock(stop_mutex_);
    if (threads_.empty()) return;
    context_.stopping = true;
    ForEachConnection([](Connection& connection) { connection.CloseWhenIdle(); });
    if (!runner_.WaitUntilIdle(grace)) {
      do {
        runner_.CancelAll();
      } while (!runner_.WaitUntilIdle(kInterruptAgainAfter));
    }
    runner_.Stop();
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
      accept_timer_.cancel();
    });
    if (!WaitUntilClosed(kFlushTimeout)) {
      ForEachConnection([](Connection& connection) { connection.CloseNow(); });
      WaitUntilClosed(kFlushTimeout);
    }
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    // The loop may have been stopped before it came to that.
    error_code ignored;
    acceptor_.close(ignored);
  }

  const ListenAddress& address() const { return address_; }

 private:
  void Accept() {
    acceptor_.async_accept(asio::make_strand(io_), [this](error_code error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) {
        accept_timer_.expires_after(kAcceptAgainAfter);
        accept_timer_.async_wait([this](error_code) {
          if (acceptor_.is_open()) Accept();
        });
        return;
      }
      Admit(std::move(socket));
      Accept();
    });
  }

  void Admit(tcp::socket socket) {
    std::lock_guard lock(mutex_);
    if (connections_.size() >= options_.connections_max) {
      RefuseConnection(std::move(socket));
      return;
    }
    const uint64_t id = ++last_id_;
    // It does nothing before this returns, so it cannot be forgotten before it is known.
    connections_[id] = StartConnection(std::move(socket), context_, [this, id] { Forget(id); });
  }

  // Says why in one packet and leaves; it must not wait for a client.
  static void RefuseConnection(tcp::socket socket) {
    static constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 21\r\n"
        "Connection: close\r\n\r\nToo many connections.";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(kBusy), 0, ignored);
    socket.shutdown(asio::socket_base::shutdown_both, ignored);
  }

  void Forget(uint64_t id) {
    std::lock_guard lock(mutex_);
    connections_.erase(id);
    closed_.notify_all();
  }

  template <typename Action>
  void ForEachConnection(Action action) {
    std::vector<std::shared_ptr<Connection>> connections;
    {
      std::lock_guard lock(mutex_);
      for (const auto& [id, connection] : connections_) {
        if (auto alive = connection.lock()) connections.push_back(std::move(alive));
      }
    }
    for (const auto& connection : connections) action(*connection);
  }

  bool WaitUntilClosed(milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return closed_.wait_for(lock, timeout, [this] { return connections_.empty(); });
  }

  const HttpServerOptions options_;
  const std::shared_ptr<Backend> backend_;
  ListenAddress address_;
  std::mutex stop_mutex_;

  std::mutex mutex_;
  std::condition_variable closed_;
  std::map<uint64_t, std::weak_ptr<Connection>> connections_;
  uint64_t last_id_ = 0;

  QueryRunner runner_;
  const std::unique_ptr<TlsContext> tls_;
  const std::shared_ptr<ActiveQueries> active_queries_;
  const std::shared_ptr<QueryHistory> history_;
  ConnectionContext context_;
  // Destroys what connections are left, so it goes before what they use.
  asio::io_context io_;
  tcp::acceptor acceptor_;
  asio::steady_timer accept_timer_;
  std::vector<std::thread> threads_;
};

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::Start(HttpServerOptions options,
                                                      std::shared_ptr<Backend> backend,
                                                      const Clock& clock) {
  auto state = std::make_unique<State>(std::move(options), std::move(backend), clock);
  SUMAC_RETURN_IF_ERROR(state->Listen());
  state->Serve();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

uint16_t HttpServer::port() const {
  return state_->address().port;
}

std::string HttpServer::address() const {
  return ListenAddressText(state_->address());
}

void HttpServer::Stop() {
  state_->Stop();
}

void HttpServer::Stop(std::chrono::milliseconds grace) {
  state_->Stop(grace);
}

}  // namespace sumac::server
