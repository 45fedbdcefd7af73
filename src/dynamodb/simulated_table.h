// A table of the service in virtual time, for tests: items of 1 KB spread over partitions, pages of
// 1 MB, limits of the table and of its partitions, and throttles with their reasons.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <simdjson.h>

#include "base/clock.h"
#include "net/simulated_network.h"
#include "net/token_bucket.h"

namespace sumac::dynamodb {

struct SimulatedTableOptions {
  uint64_t items = 10'000;
  int partitions = 1;
  double partition_units_per_second = 3'000;
  // Of single partitions, by number.
  std::map<int, double> partition_limits;
  // 0: none.
  double table_units_per_second = 0;
  std::string table_reason = "TableReadMaxOnDemandThroughputExceeded";
  std::chrono::milliseconds latency{150};
  std::chrono::milliseconds throttle_latency{20};
  // Pages are served one after the other at this rate; 0: all at once.
  double served_units_per_second = 0;
  // Parts of all answers: cut connections.
  double failures = 0;
  uint64_t seed = 1;
};

// Not thread-safe.
class SimulatedTable {
 public:
  static constexpr uint64_t kPageItems = 1'028;  // of 1 KB: 128.5 units

  SimulatedTable(ManualClock& clock, SimulatedTableOptions options)
      : clock_(clock), options_(std::move(options)), random_(options_.seed) {
    // Nobody has read for a while, so what may be saved up is there.
    const auto now = clock.MonotonicNow() - std::chrono::minutes(5);
    for (int i = 0; i < options_.partitions; ++i) {
      const auto own = options_.partition_limits.find(i);
      const double limit = own == options_.partition_limits.end()
                               ? options_.partition_units_per_second
                               : own->second;
      partitions_.emplace_back(limit, limit / 2, now);
    }
    if (options_.table_units_per_second > 0) {
      table_.emplace(options_.table_units_per_second, options_.table_units_per_second / 4, now);
    }
  }

  static double UnitsOf(uint64_t items) {
    return std::max(0.5, std::ceil(static_cast<double>(items) / 4) / 2);
  }

  net::SimulatedNetwork::Answer Answer(const net::HttpRequest& http) {
    ++requests;
    const auto now = clock_.MonotonicNow();
    simdjson::dom::parser parser;
    const simdjson::dom::element request = parser.parse(http.body);
    uint64_t segment = 0;
    uint64_t total = 1;
    uint64_t limit = kPageItems;
    std::string_view start;
    if (request["Segment"].get(segment) != simdjson::SUCCESS) segment = 0;
    if (request["TotalSegments"].get(total) != simdjson::SUCCESS) total = 1;
    if (request["Limit"].get(limit) != simdjson::SUCCESS) limit = kPageItems;
    const uint64_t end = options_.items * (segment + 1) / total;
    uint64_t first = options_.items * segment / total;
    if (request["ExclusiveStartKey"]["id"]["N"].get(start) == simdjson::SUCCESS) {
      first = std::stoull(std::string(start));
    }
    const uint64_t last = std::min({end, first + limit, first + kPageItems});
    const double units = UnitsOf(last - first);
    if (std::uniform_real_distribution<double>(0, 1)(random_) < options_.failures) {
      ++failures;
      return {Cut(), options_.latency / 2};
    }
    if (auto refused = Refuse(first, units, now)) {
      ++throttles;
      return {*std::move(refused), options_.throttle_latency};
    }
    consumed.push_back({now, units, first, last});
    return {Page(first, last, end, units), TimeOf(units, now)};
  }

  // Units consumed in [from, to).
  double UnitsBetween(MonotonicTime from, MonotonicTime to) const {
    double units = 0;
    for (const auto& page : consumed) {
      if (page.at >= from && page.at < to) units += page.units;
    }
    return units;
  }

  int PartitionOf(uint64_t item) const {
    return static_cast<int>(item * static_cast<uint64_t>(options_.partitions) /
                            std::max<uint64_t>(options_.items, 1));
  }

  struct ConsumedPage {
    MonotonicTime at;
    double units;
    uint64_t first;
    uint64_t last;
  };
  std::vector<ConsumedPage> consumed;
  uint64_t requests = 0;
  uint64_t throttles = 0;
  uint64_t failures = 0;

 private:
  static Result<net::HttpResponse> Cut() {
    Error error;
    error.code = ErrorCode::kUnavailable;
    error.blame = Blame::kNetwork;
    error.retryable = true;
    error.message = "the connection was cut";
    return Fail(std::move(error));
  }

  static Result<net::HttpResponse> Throttle(const std::string& reason) {
    net::HttpResponse response;
    response.status = 400;
    response.body = R"({"__type":"x#ThrottlingException","message":"slow down",)"
                    R"("ThrottlingReasons":[{"reason":")" +
                    reason + R"(","resource":"arn:x"}]})";
    return response;
  }

  std::optional<Result<net::HttpResponse>> Refuse(uint64_t first, double units, MonotonicTime now) {
    auto& partition =
        partitions_[static_cast<size_t>(std::min(PartitionOf(first), options_.partitions - 1))];
    if (table_ && table_->Balance(now) <= 0) return Throttle(options_.table_reason);
    if (partition.Balance(now) <= 0) return Throttle("TableReadKeyRangeThroughputExceeded");
    if (table_) table_->Take(units, now);
    partition.Take(units, now);
    return std::nullopt;
  }

  static Result<net::HttpResponse> Page(uint64_t first, uint64_t last, uint64_t end, double units) {
    net::HttpResponse response;
    response.status = 200;
    const auto count = std::to_string(last - first);
    std::string body = R"({"Items":[],"Count":)" + count + R"(,"ScannedCount":)" + count +
                       R"(,"ConsumedCapacity":{"CapacityUnits":)" + std::to_string(units) + "}";
    if (last < end) {
      body += R"(,"LastEvaluatedKey":{"id":{"N":")" + std::to_string(last) + "\"}}";
    }
    response.body = body + "}";
    return response;
  }

  std::chrono::milliseconds TimeOf(double units, MonotonicTime now) {
    // A quarter of the time of a whole page is there for any.
    const double part = 0.25 + 0.75 * units / 128.5;
    auto time = std::chrono::milliseconds(
        std::lround(static_cast<double>(options_.latency.count()) * part));
    if (options_.served_units_per_second > 0) {
      const std::chrono::duration<double> serving(units / options_.served_units_per_second);
      served_until_ = std::max(served_until_, now) +
                      std::chrono::duration_cast<MonotonicTime::duration>(serving);
      time = std::max(time, std::chrono::ceil<std::chrono::milliseconds>(served_until_ - now));
    }
    return time;
  }

  ManualClock& clock_;
  const SimulatedTableOptions options_;
  std::mt19937_64 random_;
  std::vector<net::TokenBucket> partitions_;
  std::optional<net::TokenBucket> table_;
  MonotonicTime served_until_;
};

}  // namespace sumac::dynamodb
