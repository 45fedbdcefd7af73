// The scans of one query, as somebody outside of it sees them. Internal to engine/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "dynamodb/read_budget.h"
#include "engine/query_progress.h"
#include "planning/price_table.h"

namespace sumac::engine {

// Thread-safe: scans begin and end on the workers of a query, while another thread looks. A scan
// that has ended is a part of its dataset's sum, so that what is kept does not grow with the number
// of scans.
class QueryScans {
 public:
  // Follows `source` until End is called with the number that this returns. `price` is the
  // dataset's.
  uint64_t Begin(const std::string& dataset, std::shared_ptr<const dynamodb::PageSource> source,
                 const planning::ReadPrice& price = {});
  void End(uint64_t number);

  // All but DuckDB's percentage.
  QueryProgress Progress() const;

  // What all scans of the dataset may consume together; made by the first call.
  std::shared_ptr<dynamodb::ReadBudget> BudgetOf(const std::string& dataset, double units_max);

  // Forgets them all; an End that comes later has no effect.
  void Clear();

 private:
  struct Scan {
    std::string dataset;
    std::shared_ptr<const dynamodb::PageSource> source;
  };

  mutable std::mutex mutex_;
  uint64_t last_number_ = 0;
  std::map<uint64_t, Scan> scans_;
  // By dataset.
  std::map<std::string, dynamodb::ScanStatistics> ended_;
  std::map<std::string, planning::ReadPrice> prices_;
  std::map<std::string, std::shared_ptr<dynamodb::ReadBudget>> budgets_;
};

}  // namespace sumac::engine
