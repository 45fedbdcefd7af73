// One client's connection: requests in, responses out, one after the other.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include <boost/asio/ip/tcp.hpp>

#include "base/clock.h"
#include "server/http/backend.h"
#include "server/http/http_server.h"
#include "server/http/query_runner.h"
#include "server/security/tls_context.h"

namespace sumac::server {

// What all connections of a server share. Outlives them.
struct ConnectionContext {
  const HttpServerOptions& options;
  Backend& backend;
  const Clock& clock;
  QueryRunner& runner;
  ActiveQueries& active_queries;
  TlsContext* tls;  // null without TLS
  QueryHistory& history;
  std::atomic<bool> stopping{false};
  std::atomic<uint64_t> large_body_bytes{0};
};

// Kept alive by its own pending operations. Thread-safe.
class Connection {
 public:
  virtual ~Connection() = default;
  // Closes it as soon as no response is under way. ConnectionContext::stopping is set before.
  virtual void CloseWhenIdle() = 0;
  // Closes it now; its query is cancelled.
  virtual void CloseNow() = 0;
};

// `socket`'s executor is a strand of the connection's own. `closed` is called once, at the end.
std::shared_ptr<Connection> StartConnection(boost::asio::ip::tcp::socket socket,
                                            ConnectionContext& context,
                                            std::function<void()> closed);

}  // namespace sumac::server
