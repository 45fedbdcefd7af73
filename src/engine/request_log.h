// The calls that a query's scans make of DynamoDB, for whoever wants to know each.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "dynamodb/client.h"

namespace sumac::engine {

// A Query, items by key, or a Scan with all its segments.
struct LoggedCall {
  std::string dataset;
  std::string operation;  // "Query", "GetItem", "BatchGetItem", "Scan", "Scan (Select=COUNT)"
  std::string table;
  std::string index;  // empty for the table itself
  // Of a Query the condition, of a GetItem the key, of a BatchGetItem how many there are.
  std::string key_condition;  // for people; empty when there is none
  std::string filter;         // the same
  uint64_t pages = 0;         // requests that were answered
  uint64_t items_scanned = 0;
  uint64_t items = 0;  // returned, or counted
  double read_units = 0;
};

struct LoggedCalls {
  // In the order in which they were answered first.
  std::vector<LoggedCall> calls;
  // Requests that belong to none of them, because there were too many.
  uint64_t requests_left_out = 0;
};

inline constexpr size_t kLoggedCallsMax = 1'000;

// "Query of table 'orders' (dataset 'o'): "customer" = {"S":"ann"}; filter ...: 1 request, 3 items,
// 2 returned, 0.5 RCU". One line, whatever stands in the values.
std::string CallText(const LoggedCall& call);

// Thread-safe.
class RequestLog {
 public:
  // A number for a scan, for Add.
  uint64_t NextScan();

  void Add(uint64_t scan, const std::string& dataset, const dynamodb::ScanRequest& request,
           const dynamodb::Page& page);

  LoggedCalls Calls() const;
  void Clear();

 private:
  struct Entry {
    std::string dataset;
    // Written out when somebody asks. Keeps what `places_` knows it by.
    dynamodb::ScanRequest request;
    uint64_t pages = 0;
    uint64_t items_scanned = 0;
    uint64_t items = 0;
    double read_units = 0;
  };

  mutable std::mutex mutex_;
  // All below is guarded.
  uint64_t scans_ = 0;
  std::vector<Entry> entries_;
  // By scan, and keys or key condition.
  std::map<std::pair<uint64_t, const void*>, size_t> places_;
  uint64_t requests_left_out_ = 0;
};

}  // namespace sumac::engine
