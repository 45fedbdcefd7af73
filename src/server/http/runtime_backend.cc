// The HTTP server over the Runtime.
#include "server/http/runtime_backend.h"

namespace sumac::server {

std::unique_ptr<engine::Session> RuntimeBackend::Connect() {
  return runtime_.Connect();
}

std::vector<datasets::DatasetStatus> RuntimeBackend::Datasets() const {
  return runtime_.Datasets();
}

bool RuntimeBackend::Ready() const {
  return runtime_.Ready();
}

SpicepodSummary RuntimeBackend::Spicepod() const {
  const auto pod = runtime_.pod();
  return {pod->name, pod->version, pod->datasets.size()};
}

Result<datasets::SchemaChange> RuntimeBackend::RefreshSchema(const std::string& dataset,
                                                             const std::atomic<bool>* cancelled) {
  return runtime_.RefreshSchema(dataset, cancelled);
}

Status RuntimeBackend::RequestRefresh(const std::string& dataset,
                                      const datasets::RefreshOverrides& overrides) {
  return runtime_.RequestRefresh(dataset, overrides);
}

Status RuntimeBackend::SetRefreshSql(const std::string& dataset,
                                     const std::optional<std::string>& sql) {
  return runtime_.SetRefreshSql(dataset, sql);
}

uint64_t RuntimeBackend::DataVersion() const {
  return runtime_.DataVersion();
}

std::string RuntimeBackend::MetricsText() const {
  return runtime_.metrics().Text();
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(HttpServerOptions options,
                                                      datasets::Runtime& runtime) {
  static const SystemClock kClock;
  return Start(std::move(options), std::make_shared<RuntimeBackend>(runtime), kClock);
}

}  // namespace sumac::server
