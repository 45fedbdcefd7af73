// How far a query is: what its scans have read, and how much of its work DuckDB takes for done.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dynamodb/page_source.h"

namespace sumac::engine {

struct ScanUnderWay {
  std::string dataset;
  dynamodb::ScanProgress progress;
};

struct QueryProgress {
  // Scans that have not read all they are to read, in the order in which they began.
  std::vector<ScanUnderWay> scans;
  // What all scans of the query have cost so far, those that have ended too, by dataset.
  std::map<std::string, dynamodb::ScanStatistics> read;
  // What that has cost; nothing when the price of a dataset is unknown.
  std::optional<double> dollars = 0;
  // DuckDB's own estimate of the statement that runs; negative when it has none. Counts copies and
  // operators too.
  double percent = -1;
};

// What all datasets cost together; `streams_most` is the highest of them.
dynamodb::ScanStatistics TotalOf(const std::map<std::string, dynamodb::ScanStatistics>& read);

}  // namespace sumac::engine
