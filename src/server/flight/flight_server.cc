#include "server/flight/flight_server.h"

#include <mutex>

#include <fmt/format.h>
#include <grpc/support/log.h>

#include "base/log.h"
#include "server/flight/flight_credentials.h"
#include "server/flight/flight_service.h"
#include "server/http/listen_address.h"
#include "server/http/runtime_backend.h"
#include "server/observation/server_metrics.h"
#include "server/security/exposure.h"

namespace sumac::server {
namespace {

// gRPC has a log of its own, on stderr. What it calls an error is mostly a client that went away;
// but it ends the process when one of its assertions fails.
void LogLineOfGrpc(gpr_log_func_args* line) {
  const bool fatal = std::string_view(line->message).starts_with("assertion failed");
  spdlog::log(fatal ? spdlog::level::critical : spdlog::level::debug, "gRPC: {}:{}: {}", line->file,
              line->line, line->message);
}

void TakeLogOfGrpc() {
  static std::once_flag taken;
  std::call_once(taken, [] { gpr_set_log_function(LogLineOfGrpc); });
}

FlightServiceOptions ServiceOptions(const FlightServerOptions& options) {
  FlightServiceOptions service;
  service.query_limits = options.query_limits;
  service.batch_limits.bytes = options.batch_bytes;
  service.metrics = options.metrics;
  service.parameter_bytes_max = static_cast<uint64_t>(options.received_bytes_max);
  return service;
}

}  // namespace

class FlightServer::State {
 public:
  State(FlightServerOptions options, std::shared_ptr<Backend> backend, const Clock& clock)
      : options_(std::move(options)),
        service_(ServiceOptions(options_), std::move(backend),
                 options_.active_queries != nullptr ? options_.active_queries
                                                    : std::make_shared<ActiveQueries>(clock),
                 options_.history != nullptr ? options_.history : QueryHistory::CreateEmpty(clock),
                 options_.api_keys, clock) {}

  ~State() { Stop(std::chrono::milliseconds(options_.stop_grace_ms)); }

  Status Listen() {
    SUMAC_ASSIGN_OR_RETURN(address_, ParseListenAddress(options_.listen));
    TakeLogOfGrpc();
    grpc::ServerBuilder builder;
    int port = 0;
    credentials_ = options_.tls != nullptr ? MakeFlightCredentials(options_.tls)
                                           : grpc::InsecureServerCredentials();
    builder.AddListeningPort(ListenAddressText(address_), credentials_, &port);
    builder.RegisterService(&service_);
    builder.SetMaxReceiveMessageSize(options_.received_bytes_max);
    builder.SetMaxSendMessageSize(-1);
    // A port that another process has is an error, not shared.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    KeepAlive(builder);
    grpc::ResourceQuota quota("flight");
    quota.SetMaxThreads(options_.threads_max);
    builder.SetResourceQuota(quota);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) {
      return Fail(UserError(
          ErrorCode::kUnavailable,
          fmt::format("could not listen on {}: is another process there? Choose another address "
                      "with --flight, or none with --flight off",
                      ListenAddressText(address_))));
    }
    address_.port = static_cast<uint16_t>(port);
    if (options_.metrics != nullptr) options_.metrics->Add(kFlightServerStarted, {});
    options_.components->SetListening(Interface::kFlight, ListenAddressText(address_));
    WarnIfExposed(address_, {.server = "The Flight server",
                             .asks_for_key = options_.api_keys->Get()->required(),
                             .encrypted = options_.tls != nullptr});
    return {};
  }

  const FlightServerOptions& options() const { return options_; }

  void Stop(std::chrono::milliseconds grace) {
    std::lock_guard lock(mutex_);
    if (server_ == nullptr) return;
    server_->Shutdown(std::chrono::system_clock::now() + grace);
    server_.reset();
  }

  const ListenAddress& address() const { return address_; }

 private:
  // Finds out that a client is gone which did not say so, and lets clients find out the same.
  static void KeepAlive(grpc::ServerBuilder& builder) {
    constexpr int kPingEveryMs = 60'000;
    constexpr int kAnswerWithinMs = 20'000;
    constexpr int kPingsOfClientsEveryMs = 10'000;
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kPingEveryMs);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kAnswerWithinMs);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               kPingsOfClientsEveryMs);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  }

  const FlightServerOptions options_;
  ListenAddress address_;
  FlightService service_;
  std::mutex mutex_;
  // The server asks them, and does not keep them.
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  std::unique_ptr<grpc::Server> server_;
};

FlightServer::FlightServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
FlightServer::~FlightServer() = default;

Result<std::unique_ptr<FlightServer>> FlightServer::Start(FlightServerOptions options,
                                                          std::shared_ptr<Backend> backend,
                                                          const Clock& clock) {
  auto state = std::make_unique<State>(std::move(options), std::move(backend), clock);
  SUMAC_RETURN_IF_ERROR(state->Listen());
  return std::unique_ptr<FlightServer>(new FlightServer(std::move(state)));
}

Result<std::unique_ptr<FlightServer>> FlightServer::Start(FlightServerOptions options,
                                                          datasets::Runtime& runtime) {
  static const SystemClock kClock;
  return Start(std::move(options), std::make_shared<RuntimeBackend>(runtime), kClock);
}

std::string FlightServer::address() const {
  return ListenAddressText(state_->address());
}

void FlightServer::Stop() {
  Stop(std::chrono::milliseconds(state_->options().stop_grace_ms));
}

void FlightServer::Stop(std::chrono::milliseconds grace) {
  state_->Stop(grace);
}

}  // namespace sumac::server
