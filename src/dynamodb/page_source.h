// Where a reader of a whole table takes its pages from: DynamoDB itself, or pages of it that were
// kept.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "dynamodb/client.h"

namespace sumac::dynamodb {

// What a scan has cost so far. Only grows.
struct ScanStatistics {
  uint64_t pages = 0;
  uint64_t items = 0;          // returned
  uint64_t items_scanned = 0;  // evaluated by the service, and billed
  uint64_t bytes = 0;          // of response bodies, decompressed
  uint64_t bytes_on_wire = 0;  // of response bodies as they came, compressed or not
  double consumed_read_units = 0;
  // Answers that were no page, by what they were.
  uint64_t throttles_of_key_range = 0;
  uint64_t throttles_of_table = 0;
  uint64_t failures = 0;  // that passed: 5xx, cut connections, broken bodies
  // Of the scan waiting for read capacity with a page to ask for.
  std::chrono::milliseconds capacity_wait{0};
  int streams_most = 0;  // requests under way at the same time

  // Of two scans together. `streams_most` is that of the one with more.
  ScanStatistics& operator+=(const ScanStatistics& more) {
    pages += more.pages;
    items += more.items;
    items_scanned += more.items_scanned;
    bytes += more.bytes;
    bytes_on_wire += more.bytes_on_wire;
    consumed_read_units += more.consumed_read_units;
    throttles_of_key_range += more.throttles_of_key_range;
    throttles_of_table += more.throttles_of_table;
    failures += more.failures;
    capacity_wait += more.capacity_wait;
    streams_most = std::max(streams_most, more.streams_most);
    return *this;
  }

  friend bool operator==(const ScanStatistics&, const ScanStatistics&) = default;
};

// How far a scan is.
struct ScanProgress {
  ScanStatistics statistics;
  int streams = 0;  // requests under way now
  int segments_done = 0;
  int segments_total = 0;
  // From 0 to 1, and 1 only when the last page was taken; never less than it was. Nothing when
  // unknown.
  std::optional<double> fraction;
  // On average since the scan began.
  double items_per_second = 0;
  std::optional<std::chrono::milliseconds> time_left;
};

// Thread-safe: several workers call Next on one source, and each page is given to one of them.
class PageSource {
 public:
  virtual ~PageSource() = default;

  // Returns the next page, in no order, or nothing at the end; blocks until there is one. While
  // blocked it calls `interrupted` about every 20 ms and returns kCancelled once that is true.
  // After the first error every call returns that error.
  virtual Result<std::optional<Page>> Next(const std::function<bool()>& interrupted) = 0;

  // Ends the source; Next returns kCancelled from now on. Safe to call more than once.
  virtual void Cancel() = 0;

  virtual ScanStatistics Statistics() const = 0;

  virtual ScanProgress Progress() const = 0;
};

}  // namespace sumac::dynamodb
