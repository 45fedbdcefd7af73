// What a scan tells the world beside its rows: values that did not fit, news for the schema, what
// it cost. Internal to engine/.
#pragma once

#include <mutex>
#include <vector>

#include <duckdb.hpp>

#include "dynamodb/page_source.h"
#include "engine/remote_table.h"
#include "items/page_decoder.h"

namespace sumac::engine {

// Of one scan; its workers share it. Thread-safe. `table` and `scan` outlive it.
class ScanReport {
 public:
  // `shows_whole_items`: the query reads `_item` or `_overflow`, so what has no column is in its
  // result.
  ScanReport(const RemoteTable& table, const dynamodb::PageSource& scan, bool shows_whole_items)
      : table_(table), scan_(scan), shows_whole_items_(shows_whole_items) {}
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
  void ReportMisfits(duckdb::ClientContext& context, size_t column, uint64_t count);
  void WarnOfUnknownAttributes(duckdb::ClientContext& context,
                               const items::TypeSummary& news) const;
  void LogNotice(const items::SchemaNotice& notice) const;

  const RemoteTable& table_;
  const dynamodb::PageSource& scan_;
  const bool shows_whole_items_;
  std::mutex mutex_;
  dynamodb::ScanStatistics reported_;  // guarded by mutex_
};

}  // namespace sumac::engine
