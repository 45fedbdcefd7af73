// The HTTP interface of `sumac run` (docs/http.md), and that of its metrics (docs/metrics.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "server/active_queries.h"
#include "server/http/backend.h"
#include "server/http/components.h"
#include "server/http/results_cache.h"
#include "server/http/route.h"
#include "server/observation/query_history.h"
#include "server/query_limits.h"
#include "server/security/api_keys.h"
#include "server/security/cors.h"
#include "server/security/tls_certificates.h"

namespace sumac::server {

struct HttpServerOptions {
  // IP:PORT; port 0 takes a free one.
  std::string listen = "127.0.0.1:8090";
  Interface interface = Interface::kSql;

  int io_threads = 1;
  // Queries that run at a time, and those that may wait for their turn; more get 503.
  int query_threads = 16;
  size_t queued_queries_max = 256;
  size_t connections_max = 1024;

  uint32_t header_bytes_max = 32 << 10;
  uint64_t body_bytes_max = 128 << 20;
  // Bodies over 1 MiB that may be in memory together.
  uint64_t large_body_bytes_max = 512 << 20;
  // A response longer than a piece is streamed; this many pieces wait for a slow client.
  size_t piece_bytes = 1 << 20;
  size_t pieces_buffered_max = 4;
  uint64_t table_rows_max = 100000;
  QueryLimits query_limits;
  // Null: no answer is kept. It may be shared with others that have the same data.
  std::shared_ptr<ResultsCache> results_cache;

  // The keys that clients have to show.
  std::shared_ptr<const CurrentApiKeys> api_keys = std::make_shared<CurrentApiKeys>();

  // Which web pages may use it.
  Cors cors;
  // Null: HTTP without TLS.
  std::shared_ptr<TlsCertificates> tls;

  // The queries that run, shared with the other servers of the process; null makes one.
  std::shared_ptr<ActiveQueries> active_queries;
  // Counts requests when it is not null; outlives the server.
  Metrics* metrics = nullptr;
  // Null: queries are neither counted nor kept. Shared by the servers of the process.
  std::shared_ptr<QueryHistory> history;

  // Where this server writes down that it listens; the other servers of the process share it.
  std::shared_ptr<Components> components = std::make_shared<Components>();

  // A connection without a request; a request's header and body; one piece of a response.
  uint32_t idle_timeout_ms = 60000;
  uint32_t header_timeout_ms = 10000;
  uint32_t body_timeout_ms = 60000;
  uint32_t write_timeout_ms = 60000;
  // How long Stop lets queries end by themselves.
  uint32_t stop_grace_ms = 10000;
};

// Thread-safe.
class HttpServer {
 public:
  // Listens and serves from threads of its own. `clock` outlives the server. Errors:
  // kInvalidArgument (the address), kUnavailable (it cannot be listened on).
  static Result<std::unique_ptr<HttpServer>> Start(HttpServerOptions options,
                                                   std::shared_ptr<Backend> backend,
                                                   const Clock& clock);
  // The same over the Runtime, which outlives the server, with the system's clock.
  static Result<std::unique_ptr<HttpServer>> Start(HttpServerOptions options,
                                                   datasets::Runtime& runtime);
  ~HttpServer();  // Stop

  uint16_t port() const;
  // `127.0.0.1:8090`
  std::string address() const;

  // Refuses new requests with 503, waits for the queries under way, interrupts those that are not
  // done after the grace time, and returns when all connections are closed. Idempotent.
  void Stop();
  // The same with another grace time than that of the options.
  void Stop(std::chrono::milliseconds grace);

 private:
  class State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sumac::server
