#include <condition_variable>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/pod_reloader.h"
#include "cli/pod_source.h"
#include "cli/query_runner.h"
#include "cli/server_security.h"
#include "cli/service_notification.h"
#include "datasets/runtime.h"
#include "engine/progress_text.h"
#include "server/flight/flight_server.h"
#include "server/http/http_server.h"
#include "server/http/results_cache.h"
#include "server/observation/task_history_table.h"

namespace sumac::cli {
namespace {

// What stopping takes beside what queries are given.
constexpr std::chrono::seconds kStopExtra{10};
// What queries have to stop when they are interrupted.
constexpr std::chrono::seconds kForcedAfter{5};

// What is asked of the command by signals and by changed files.
class Requests {
 public:
  enum class Kind { kStop, kReload };

  // Any thread. Those that are not taken yet are one.
  void Make(Kind kind) {
    std::lock_guard lock(mutex_);
    if (kind == Kind::kStop) stop_ = true;
    if (kind == Kind::kReload) reload_ = true;
    made_.notify_all();
  }
  // Waits for one.
  Kind Take() {
    std::unique_lock lock(mutex_);
    made_.wait(lock, [this] { return stop_ || reload_; });
    if (stop_) return Kind::kStop;
    reload_ = false;
    return Kind::kReload;
  }
  const std::atomic<bool>* stop() const { return &stop_; }

 private:
  std::mutex mutex_;
  std::condition_variable made_;
  std::atomic<bool> stop_ = false;
  bool reload_ = false;  // guarded by mutex_
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

// What is kept of queries, and its table.
std::shared_ptr<server::QueryHistory> MakeHistory(datasets::Runtime& runtime) {
  const auto settings = runtime.pod()->runtime.task_history.value_or(spicepod::TaskHistory());
  server::QueryHistoryOptions options;
  options.enabled = settings.enabled;
  options.captures_output = settings.captured_output == spicepod::CapturedOutput::kTruncated;
  options.captures_plans = settings.captured_plan == spicepod::CapturedPlan::kExplain;
  options.min_plan_duration = settings.min_plan_duration.value_or(options.min_plan_duration);
  options.retention_period = settings.retention_period;
  options.min_sql_duration = settings.min_sql_duration.value_or(options.min_sql_duration);
  auto history =
      server::QueryHistory::Create(options, std::make_shared<SystemClock>(), &runtime.metrics());
  if (settings.enabled) {
    runtime.RegisterRowTable(server::kTaskHistoryTable, server::TaskHistoryColumns(),
                             [history] { return server::TaskHistoryRows(*history); });
  }
  return history;
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
  options.query_limits = http.query_limits;
  options.api_keys = http.api_keys;
  options.tls = http.tls;
  options.components = http.components;
  options.active_queries = http.active_queries;
  options.history = http.history;
  options.metrics = http.metrics;
  SUMAC_ASSIGN_OR_RETURN(auto server, server::FlightServer::Start(options, runtime));
  spdlog::info("Sumac Flight listening on {}{}", server->address(),
               options.tls != nullptr ? " with TLS" : "");
  return server;
}

// Loads the datasets, and does what it is asked until it is to stop.
void Serve(datasets::Runtime& runtime, PodReloader& reloader, Requests& requests) {
  runtime.Load(requests.stop());
  if (runtime.Ready()) {
    spdlog::info("All components are loaded. Sumac is ready!");
  } else if (!*requests.stop()) {
    spdlog::warn("Some datasets or views could not be loaded; the others are served.");
  }
  while (true) {
    switch (requests.Take()) {
      case Requests::Kind::kStop:
        return;
      case Requests::Kind::kReload:
        reloader.Reload();
        break;
    }
  }
}

// `flight` may be null. Each takes no new work from now on, and both wait for what runs.
void Drain(server::HttpServer& server, server::FlightServer* flight,
           const datasets::Runtime& runtime, const ServiceNotification& service,
           SignalWatcher& signals) {
  signals.OnSignal([] {
    spdlog::warn("Ended at once; queries that ran are cut off.");
    std::_Exit(kExitQueryFailed);
  });
  const auto grace = std::chrono::duration_cast<std::chrono::milliseconds>(
      runtime.pod()->runtime.shutdown_timeout);
  service.Stopping(grace + kStopExtra);
  spdlog::info("Stopping: waiting up to {} for the queries that run.", DurationText(grace));
  // DuckDB does not look whether it is to stop while it plans, or within a function.
  // What comes after, such as writing down copies, may take as long as it does.
  const auto stopped = std::make_shared<std::atomic<bool>>(false);
  std::thread([grace, stopped] {
    std::this_thread::sleep_for(grace + kForcedAfter);
    if (*stopped) return;
    spdlog::warn("Some queries do not stop; ended without them.");
    std::_Exit(kExitQueryFailed);
  }).detach();
  std::thread flight_stop([flight, grace] {
    if (flight != nullptr) flight->Stop(grace);
  });
  server.Stop(grace);
  flight_stop.join();
  *stopped = true;
}

}  // namespace

int RunRunCommand(const RunOptions& options, PodLogging logging, SignalWatcher& signals) {
  const SystemClock clock;
  const auto requests = std::make_shared<Requests>();
  // A SIGHUP while this starts would end it.
  signals.OnHangUp([requests] { requests->Make(Requests::Kind::kReload); });
  std::vector<std::string> files;
  const auto read_at = clock.WallNow();
  auto pod = LoadPod(options.spicepod_path, logging, &files);
  if (!pod) {
    PrintError(pod.error());
    return kExitUsage;
  }
  auto security = LoadServerSecurity(options, *pod);
  if (!security) {
    PrintError(security.error());
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
  server::HttpServerOptions server_options;
  server_options.api_keys = security->api_keys;
  server_options.tls = security->tls;
  server_options.cors = security->cors;
  server_options.query_limits = security->query_limits;
  server_options.listen = options.http_address;
  server_options.active_queries = std::make_shared<server::ActiveQueries>(clock);
  server_options.results_cache = MakeResultsCache(**runtime);
  server_options.metrics = &(*runtime)->metrics();
  server_options.history = MakeHistory(**runtime);
  auto server = server::HttpServer::Start(server_options, **runtime);
  if (!server) {
    PrintError(server.error());
    return kExitUsage;
  }
  spdlog::info("Sumac HTTP listening on {}{}", (*server)->address(),
               server_options.tls != nullptr ? " with TLS" : "");
  auto flight_server = StartFlight(options.flight_address, server_options, **runtime);
  if (!flight_server) {
    PrintError(flight_server.error());
    return kExitUsage;
  }
  auto metrics_server = StartMetrics(options.metrics_address, server_options, **runtime);
  if (!metrics_server) {
    PrintError(metrics_server.error());
    return kExitUsage;
  }

  PodReloader reloader(options.spicepod_path, logging, **runtime, service);
  reloader.OnPod([&options, &security](const spicepod::Spicepod& changed) {
    return TakeServerSecurity(options, changed, *security);
  });
  if (options.watches_pod) {
    auto watched =
        reloader.Watch(files, read_at, [requests] { requests->Make(Requests::Kind::kReload); });
    if (!watched) spdlog::warn("{}", watched.error().message);
  }
  signals.OnSignal([requests] { requests->Make(Requests::Kind::kStop); });
  // A large copy may take hours to load, and a service manager does not wait so long.
  service.Ready();
  Serve(**runtime, reloader, *requests);
  signals.OnHangUp({});
  Drain(**server, flight_server->get(), **runtime, service, signals);
  return kExitAnswer;
}

}  // namespace sumac::cli
