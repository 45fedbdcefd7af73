#include "engine/scan/scan_report.h"

#include <algorithm>

#include "base/log.h"
#include "base/printable_text.h"
#include "engine/dataset_metrics.h"
#include "engine/query_state.h"

namespace sumac::engine {
namespace {

constexpr size_t kShownNameBytes = 200;

}  // namespace

ScanReport::~ScanReport() {
  ReportCost();
}

void ScanReport::ReportCost() {
  if (table_.metrics == nullptr) return;
  std::lock_guard lock(mutex_);
  const auto now = scan_.Statistics();
  if (now == reported_) return;
  const std::vector<std::string> name = {table_.dataset_name};
  table_.metrics->Add(kScanPages, name, static_cast<double>(now.pages - reported_.pages));
  table_.metrics->Add(kScanItems, name,
                      static_cast<double>(now.items_scanned - reported_.items_scanned));
  table_.metrics->Add(kScanBytes, name, static_cast<double>(now.bytes - reported_.bytes));
  table_.metrics->Add(kScanWireBytes, name,
                      static_cast<double>(now.bytes_on_wire - reported_.bytes_on_wire));
  table_.metrics->Add(kScanReadUnits, name,
                      now.consumed_read_units - reported_.consumed_read_units);
  AddSome(kScanThrottles, {table_.dataset_name, kThrottleOfKeyRange},
          now.throttles_of_key_range - reported_.throttles_of_key_range);
  AddSome(kScanThrottles, {table_.dataset_name, kThrottleOfTable},
          now.throttles_of_table - reported_.throttles_of_table);
  AddSome(kScanFailures, name, now.failures - reported_.failures);
  const std::chrono::duration<double> wait = now.capacity_wait - reported_.capacity_wait;
  table_.metrics->Add(kScanCapacityWait, name, wait.count());
  reported_ = now;
}

void ScanReport::AddSome(const MetricDefinition& metric, const std::vector<std::string>& labels,
                         uint64_t amount) const {
  if (amount > 0) table_.metrics->Add(metric, labels, static_cast<double>(amount));
}

void ScanReport::ReportDecoding(duckdb::ClientContext& context, items::PageDecoder& decoder,
                                std::vector<uint64_t>& misfits_reported) {
  DatasetLosses losses;
  const auto& counts = decoder.MisfitCounts();
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == misfits_reported[i]) continue;
    ReportMisfits(i, counts[i] - misfits_reported[i], losses);
    misfits_reported[i] = counts[i];
  }
  if (const auto news = decoder.TakeNews()) {
    if (shows_all_columns_) FindUnknownAttributes(*news, losses);
    Observe(*news);
  }
  if (losses.Empty()) return;
  losses.advice = "select " + table_.schema->overflow_name + " to see what is missing";
  QueryState::Of(context).AddLosses(table_.dataset_name, losses);
}

void ScanReport::ReportMisfits(size_t column, uint64_t count, DatasetLosses& losses) {
  const auto& name = table_.schema->columns[column].sql_name;
  losses.misfits[name] += count;
  if (table_.metrics == nullptr) return;
  table_.metrics->Add(kTypeMismatches, {table_.dataset_name, PrintableText(name, kShownNameBytes)},
                      static_cast<double>(count));
}

void ScanReport::FindUnknownAttributes(const items::TypeSummary& news,
                                       DatasetLosses& losses) const {
  for (const auto& [name, summary] : news.fields()) {
    const bool known =
        std::any_of(table_.schema->columns.begin(), table_.schema->columns.end(),
                    [&name = name](const auto& column) { return column.attribute_name == name; });
    if (!known) losses.AddUnknownAttribute(name);
  }
}

void ScanReport::Observe(const items::TypeSummary& news) {
  // A table with more attributes than columns can be: a refresh would not find room for them.
  if (table_.observer == nullptr || table_.schema->attributes_left_out > 0) return;
  for (const auto& notice : table_.observer->Observe(news)) {
    if (notice.unknown_attribute && table_.metrics != nullptr) {
      table_.metrics->Add(kUnknownAttributes, {table_.dataset_name});
    }
    LogNotice(notice);
  }
}

void ScanReport::LogNotice(const items::SchemaNotice& notice) const {
  const std::string attribute = PrintableText(notice.attribute_name, kShownNameBytes);
  std::string what = " has values (" + notice.kinds + ") that its columns do not hold";
  if (notice.unknown_attribute) {
    what = " (" + notice.kinds + ") has no column: only _overflow and _item show it";
  } else if (!notice.column_type.empty()) {
    what = " has values (" + notice.kinds + ") that its column of type " +
           PrintableText(notice.column_type, kShownNameBytes) + " does not hold";
  }
  const std::string line =
      "dataset '" + table_.dataset_name + "': attribute '" + attribute + "'" + what;
  if (table_.refreshable) {
    spdlog::warn(
        "{}; the next schema refresh takes it up unless its type is declared; to refresh now, "
        "run: sumac datasets refresh-schema {}",
        line, table_.dataset_name);
  } else {
    // A query from the command line says itself what did not fit.
    spdlog::info("{}; raise schema_infer_max_records to have it taken up", line);
  }
}

}  // namespace sumac::engine
