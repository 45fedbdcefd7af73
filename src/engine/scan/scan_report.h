// What a scan tells the world beside its rows: values that did not fit, news for the schema, what
// it cost. Internal to engine/.
#pragma once

#include <mutex>
#include <vector>

#include <duckdb.hpp>

#include "dynamodb/page_source.h"
#include "engine/dataset_losses.h"
#include "engine/remote_table.h"
#include "items/page_decoder.h"

namespace sumac::engine {

// Of one scan; its workers share it. Thread-safe. `table` and `scan` outlive it.
class ScanReport {
 public:
  // `shows_all_columns`: the query reads whole items, and shows no more than their columns.
  ScanReport(const RemoteTable& table, const dynamodb::PageSource& scan, bool shows_all_columns)
      : table_(table), scan_(scan), shows_all_columns_(shows_all_columns) {}
  ~ScanReport();
  ScanReport(const ScanReport&) = delete;
  ScanReport& operator=(const ScanReport&) = delete;

  // Adds what the scan has cost since the last call to the metrics.
  void ReportCost();

  // Takes what `decoder` has counted and noticed since the last call. `misfits_reported` belongs to
  // the decoder: its counts of then.
  void ReportDecoding(duckdb::ClientContext& context, items::PageDecoder& decoder,
                      std::vector<uint64_t>& misfits_reported);

 private:
  // A metric that has counted nothing is not shown.
  void AddSome(const MetricDefinition& metric, const std::vector<std::string>& labels,
               uint64_t amount) const;
  void ReportMisfits(size_t column, uint64_t count, DatasetLosses& losses);
  void FindUnknownAttributes(const items::TypeSummary& news, DatasetLosses& losses) const;
  void Observe(const items::TypeSummary& news);
  void LogNotice(const items::SchemaNotice& notice) const;

  const RemoteTable& table_;
  const dynamodb::PageSource& scan_;
  const bool shows_all_columns_;
  std::mutex mutex_;
  dynamodb::ScanStatistics reported_;  // guarded by mutex_
};

}  // namespace sumac::engine
