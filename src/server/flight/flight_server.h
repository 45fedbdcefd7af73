// The Arrow Flight SQL interface of `sumac run` (docs/flight.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "server/active_queries.h"
#include "server/http/backend.h"
#include "server/http/components.h"
#include "server/observation/query_history.h"
#include "server/query_limits.h"
#include "server/security/api_keys.h"
#include "server/security/tls_certificates.h"

namespace sumac::server {

struct FlightServerOptions {
  // IP:PORT; port 0 takes a free one.
  std::string listen = "127.0.0.1:50051";
  std::shared_ptr<const CurrentApiKeys> api_keys = std::make_shared<CurrentApiKeys>();
  // Null: without TLS.
  std::shared_ptr<TlsCertificates> tls;
  // Each call has a thread while it runs; more than this many calls get RESOURCE_EXHAUSTED.
  int threads_max = 256;
  // About as many bytes are in a record batch.
  uint64_t batch_bytes = 2 << 20;
  // Of one message from a client.
  int received_bytes_max = 16 << 20;
  QueryLimits query_limits;
  // How long Stop lets calls end by themselves.
  uint32_t stop_grace_ms = 10000;
  // Shared with the other servers of the process.
  std::shared_ptr<Components> components = std::make_shared<Components>();
  // Shared, too; null makes one.
  std::shared_ptr<ActiveQueries> active_queries;
  // Shared, too. Null: queries are neither counted nor kept.
  std::shared_ptr<QueryHistory> history;
  // Counts calls when it is not null; outlives the server.
  Metrics* metrics = nullptr;
};

// Thread-safe.
class FlightServer {
 public:
  // Listens and serves from threads of gRPC. `clock` outlives the server. Errors: kInvalidArgument
  // (the address), kUnavailable (it cannot be listened on).
  static Result<std::unique_ptr<FlightServer>> Start(FlightServerOptions options,
                                                     std::shared_ptr<Backend> backend,
                                                     const Clock& clock);
  // The same over the Runtime, which outlives the server, with the system's clock.
  static Result<std::unique_ptr<FlightServer>> Start(FlightServerOptions options,
                                                     datasets::Runtime& runtime);
  ~FlightServer();  // Stop

  // `127.0.0.1:50051`
  std::string address() const;

  // Refuses new calls, waits for those under way, and cancels what is not done after the grace
  // time. Idempotent.
  void Stop();
  // The same with another grace time than that of the options.
  void Stop(std::chrono::milliseconds grace);

 private:
  class State;
  explicit FlightServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sumac::server
