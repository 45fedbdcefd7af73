// What the HTTP server serves: the Runtime, or a stand-in for it in a test.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/runtime.h"
#include "engine/session.h"

namespace sumac::server {

struct SpicepodSummary {
  std::string name;
  std::string version;
  uint64_t datasets = 0;
};

// Thread-safe.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::unique_ptr<engine::Session> Connect() = 0;
  virtual std::vector<datasets::DatasetStatus> Datasets() const = 0;
  virtual bool Ready() const = 0;
  virtual SpicepodSummary Spicepod() const = 0;
  // Blocks; see datasets::Runtime.
  virtual Result<datasets::SchemaChange> RefreshSchema(const std::string& dataset,
                                                       const std::atomic<bool>* cancelled) = 0;
  // Does not wait for the refresh; see datasets::Runtime.
  virtual Status RequestRefresh(const std::string& dataset,
                                const datasets::RefreshOverrides& overrides) = 0;
  // See datasets::Runtime.
  virtual Status SetRefreshSql(const std::string& dataset,
                               const std::optional<std::string>& sql) = 0;
  // Grows whenever the data or the columns of a dataset may have changed by Sumac's own doing,
  // after the change: a query that begins now sees at least what this stands for.
  virtual uint64_t DataVersion() const = 0;
  // In the text format of Prometheus.
  virtual std::string MetricsText() const = 0;
};

}  // namespace sumac::server
