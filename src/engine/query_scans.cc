#include "engine/query_scans.h"

#include <utility>

namespace sumac::engine {
dynamodb::ScanStatistics TotalOf(const std::map<std::string, dynamodb::ScanStatistics>& read) {
  dynamodb::ScanStatistics total;
  for (const auto& [dataset, statistics] : read) total += statistics;
  return total;
}

uint64_t QueryScans::Begin(const std::string& dataset,
                           std::shared_ptr<const dynamodb::PageSource> source,
                           const planning::ReadPrice& price) {
  std::lock_guard lock(mutex_);
  prices_[dataset] = price;
  scans_[++last_number_] = {dataset, std::move(source)};
  return last_number_;
}

void QueryScans::End(uint64_t number) {
  // The source goes last, outside of the lock.
  Scan ended;
  std::lock_guard lock(mutex_);
  const auto found = scans_.find(number);
  if (found == scans_.end()) return;
  ended = std::move(found->second);
  scans_.erase(found);
  ended_[ended.dataset] += ended.source->Statistics();
}

QueryProgress QueryScans::Progress() const {
  QueryProgress progress;
  std::lock_guard lock(mutex_);
  progress.read = ended_;
  for (const auto& [number, scan] : scans_) {
    ScanUnderWay under_way{scan.dataset, scan.source->Progress()};
    progress.read[scan.dataset] += under_way.progress.statistics;
    if (under_way.progress.fraction != 1.0) progress.scans.push_back(std::move(under_way));
  }
  progress.dollars = 0;
  for (const auto& [dataset, statistics] : progress.read) {
    const auto dollars = planning::DollarsFor(prices_.at(dataset), statistics.consumed_read_units);
    progress.dollars = dollars && progress.dollars
                           ? std::optional<double>(*progress.dollars + *dollars)
                           : std::nullopt;
  }
  return progress;
}

std::shared_ptr<dynamodb::ReadBudget> QueryScans::BudgetOf(const std::string& dataset,
                                                           double units_max) {
  std::lock_guard lock(mutex_);
  auto& budget = budgets_[dataset];
  if (!budget) budget = std::make_shared<dynamodb::ReadBudget>(units_max);
  return budget;
}

void QueryScans::Clear() {
  std::map<uint64_t, Scan> scans;
  std::lock_guard lock(mutex_);
  scans.swap(scans_);
  ended_.clear();
  prices_.clear();
  budgets_.clear();
}

}  // namespace sumac::engine
