#include <condition_variable>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/pod_source.h"
#include "cli/query_runner.h"
#include "datasets/runtime.h"
#include "server/http/http_server.h"

namespace sumac::cli {
namespace {

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

// Null without an address.
Result<std::unique_ptr<server::HttpServer>> StartMetrics(const std::string& address,
                                                         datasets::Runtime& runtime) {
  if (address.empty()) return nullptr;
  server::HttpServerOptions options;
  options.listen = address;
  options.interface = server::Interface::kMetrics;
  options.query_threads = 0;
  SUMAC_ASSIGN_OR_RETURN(auto server, server::HttpServer::Start(options, runtime));
  spdlog::info("Sumac metrics listening on {}", server->address());
  return server;
}

}  // namespace

int RunRunCommand(const RunOptions& options, PodLogging logging, SignalWatcher& signals) {
  auto pod = LoadPod(options.spicepod_path, logging);
  if (!pod) {
    PrintError(pod.error());
    return kExitUsage;
  }
  datasets::RuntimeOptions runtime_options;
  runtime_options.environment = ProcessEnvironment();
  runtime_options.database.memory_limit = pod->runtime.query.memory_limit;
  runtime_options.database.shut_in = true;
  runtime_options.serving = true;
  auto runtime = datasets::Runtime::Create(*std::move(pod), std::move(runtime_options));
  if (!runtime) {
    PrintError(runtime.error());
    return kExitUsage;
  }
  // Listening comes first: /health answers and /v1/ready says "not ready" while datasets load.
  server::HttpServerOptions server_options;
  server_options.listen = options.http_address;
  auto server = server::HttpServer::Start(server_options, **runtime);
  if (!server) {
    PrintError(server.error());
    return kExitUsage;
  }
  spdlog::info("Sumac HTTP listening on {}", (*server)->address());
  auto metrics_server = StartMetrics(options.metrics_address, **runtime);
  if (!metrics_server) {
    PrintError(metrics_server.error());
    return kExitUsage;
  }

  StopRequest stop;
  signals.OnSignal([&stop] { stop.Set(); });
  (*runtime)->Load(stop.flag());
  if ((*runtime)->Ready()) {
    spdlog::info("All components are loaded. Sumac is ready!");
  } else if (!*stop.flag()) {
    spdlog::warn("Some datasets or views could not be loaded; the others are served.");
  }
  stop.Wait();
  spdlog::info("Stopping: waiting for the queries that run.");
  (*server)->Stop();
  signals.OnSignal({});
  return kExitAnswer;
}

}  // namespace sumac::cli
