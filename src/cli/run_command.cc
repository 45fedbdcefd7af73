#include <condition_variable>
#include <thread>

#include <fmt/format.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/pod_source.h"
#include "cli/query_runner.h"
#include "cli/service_notification.h"
#include "datasets/runtime.h"
#include "engine/progress_text.h"
#include "server/flight/flight_server.h"
#include "server/http/http_server.h"
#include "server/http/results_cache.h"

namespace sumac::cli {
namespace {

// What stopping takes at most: the server's grace time, and then some.
constexpr std::chrono::seconds kStopTimeMax{25};

// Set by a signal, waited for by the command.
class StopRequest {
 public:
  void Set() {
    std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stop_.load(); });
  }
  const std::atomic<bool>* flag() const { return &stop_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stop_ = false;
};

// "1s", "1m 30s", "500ms"
std::string DurationText(std::chrono::nanoseconds duration) {
  static constexpr std::pair<int64_t, const char*> kUnits[] = {
      {86'400'000'000'000, "d"},
      {3'600'000'000'000, "h"},
      {60'000'000'000, "m"},
      {1'000'000'000, "s"},
      {1'000'000, "ms"},
      {1'000, "us"},
      {1, "ns"},
  };
  std::string text;
  int64_t left = duration.count();
  for (const auto& [unit, name] : kUnits) {
    if (left >= unit) text += fmt::format("{}{}{}", text.empty() ? "" : " ", left / unit, name);
    left %= unit;
  }
  return text.empty() ? "0s" : text;
}

// Null when the Spicepod wants none.
std::shared_ptr<server::ResultsCache> MakeResultsCache(datasets::Runtime& runtime) {
  const auto settings = runtime.pod()->runtime.sql_results_cache.value_or(spicepod::ResultsCache());
  if (!settings.enabled) return nullptr;
  spdlog::info("Initialized results cache; max size: {}, item ttl: {}",
               engine::LoggedBytesText(settings.max_size_bytes), DurationText(settings.item_ttl));
  return std::make_shared<server::ResultsCache>(
      server::ResultsCacheOptions{settings.max_size_bytes, settings.item_ttl},
      std::make_shared<SystemClock>(), &runtime.metrics());
}

// Whom the servers answer, and how their bytes are protected.
Result<server::HttpServerOptions> SecuredOptions(const RunOptions& options,
                                                 const spicepod::Spicepod& pod) {
  server::HttpServerOptions secured;
  const auto environment = ProcessEnvironment();
  SUMAC_ASSIGN_OR_RETURN(auto api_keys, server::LoadApiKeys(pod, environment));
  secured.api_keys = std::make_shared<const server::ApiKeys>(std::move(api_keys));
  SUMAC_ASSIGN_OR_RETURN(secured.tls, server::LoadTlsCertificates(pod, environment, options.tls,
                                                                  std::make_shared<SystemClock>()));
  return secured;
}

// Null without an address.
Result<std::unique_ptr<server::HttpServer>> StartMetrics(
    const std::string& address, const server::HttpServerOptions& of_queries,
    datasets::Runtime& runtime) {
  if (address.empty()) return nullptr;
  server::HttpServerOptions options;
  options.listen = address;
  options.interface = server::Interface::kMetrics;
  options.query_threads = 0;
  options.components = of_queries.components;
  options.tls = of_queries.tls;
  SUMAC_ASSIGN_OR_RETURN(auto server, server::HttpServer::Start(options, runtime));
  spdlog::info("Sumac metrics listening on {}", server->address());
  return server;
}

// Null when it is off.
Result<std::unique_ptr<server::FlightServer>> StartFlight(const std::string& address,
                                                          const server::HttpServerOptions& http,
                                                          datasets::Runtime& runtime) {
  if (address == "off") return nullptr;
  server::FlightServerOptions options;
  options.listen = address;
  options.api_keys = http.api_keys;
  options.tls = http.tls;
  options.components = http.components;
  options.active_queries = http.active_queries;
  SUMAC_ASSIGN_OR_RETURN(auto server, server::FlightServer::Start(options, runtime));
  spdlog::info("Sumac Flight listening on {}{}", server->address(),
               options.tls != nullptr ? " with TLS" : "");
  return server;
}

}  // namespace

int RunRunCommand(const RunOptions& options, PodLogging logging, SignalWatcher& signals) {
  auto pod = LoadPod(options.spicepod_path, logging);
  if (!pod) {
    PrintError(pod.error());
    return kExitUsage;
  }
  auto server_options = SecuredOptions(options, *pod);
  if (!server_options) {
    PrintError(server_options.error());
    return kExitUsage;
  }
  datasets::RuntimeOptions runtime_options;
  runtime_options.environment = ProcessEnvironment();
  const ServiceNotification service(Variable(runtime_options.environment, "NOTIFY_SOCKET"));
  runtime_options.database.memory_limit = pod->runtime.query.memory_limit;
  runtime_options.database.temporary_directory = pod->runtime.query.temp_directory;
  runtime_options.database.shut_in = true;
  runtime_options.serving = true;
  auto runtime = datasets::Runtime::Create(*std::move(pod), std::move(runtime_options));
  if (!runtime) {
    PrintError(runtime.error());
    return kExitUsage;
  }
  // Listening comes first: /health answers and /v1/ready says "not ready" while datasets load.
  server_options->listen = options.http_address;
  server_options->results_cache = MakeResultsCache(**runtime);
  auto server = server::HttpServer::Start(*server_options, **runtime);
  if (!server) {
    PrintError(server.error());
    return kExitUsage;
  }
  spdlog::info("Sumac HTTP listening on {}{}", (*server)->address(),
               server_options->tls != nullptr ? " with TLS" : "");
  auto flight_server = StartFlight(options.flight_address, *server_options, **runtime);
  if (!flight_server) {
    PrintError(flight_server.error());
    return kExitUsage;
  }
  auto metrics_server = StartMetrics(options.metrics_address, *server_options, **runtime);
  if (!metrics_server) {
    PrintError(metrics_server.error());
    return kExitUsage;
  }

  // A large copy may take hours to load, and a service manager does not wait so long.
  service.Ready();
  StopRequest stop;
  signals.OnSignal([&stop] { stop.Set(); });
  (*runtime)->Load(stop.flag());
  if ((*runtime)->Ready()) {
    spdlog::info("All components are loaded. Sumac is ready!");
  } else if (!*stop.flag()) {
    spdlog::warn("Some datasets or views could not be loaded; the others are served.");
  }
  stop.Wait();
  service.Stopping(kStopTimeMax);
  spdlog::info("Stopping: waiting for the queries that run.");
  // Each takes no new work from now on, and both wait for what runs.
  std::thread flight_stop([&flight_server] {
    if (*flight_server != nullptr) (*flight_server)->Stop();
  });
  (*server)->Stop();
  flight_stop.join();
  signals.OnSignal({});
  return kExitAnswer;
}

}  // namespace sumac::cli
