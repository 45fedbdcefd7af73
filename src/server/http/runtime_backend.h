// The HTTP server over the Runtime.
#pragma once

#include "server/http/http_server.h"

namespace sumac::server {

// `runtime` outlives it.
class RuntimeBackend final : public Backend {
 public:
  explicit RuntimeBackend(datasets::Runtime& runtime) : runtime_(runtime) {}
  std::unique_ptr<engine::Session> Connect() override;
  std::vector<datasets::DatasetStatus> Datasets() const override;
  bool Ready() const override;
  SpicepodSummary Spicepod() const override;
  Result<datasets::SchemaChange> RefreshSchema(const std::string& dataset,
                                               const std::atomic<bool>* cancelled) override;
  Status RequestRefresh(const std::string& dataset,
                        const datasets::RefreshOverrides& overrides) override;
  Status SetRefreshSql(const std::string& dataset, const std::optional<std::string>& sql) override;
  uint64_t DataVersion() const override;
  std::string MetricsText() const override;

 private:
  datasets::Runtime& runtime_;
};

}  // namespace sumac::server
