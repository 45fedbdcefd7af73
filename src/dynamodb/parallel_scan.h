// Reads a whole table as a stream of pages, several segments at a time, ahead of the reader.
//
// Each segment has at most one request in flight, started as soon as the page before it arrived and
// there is room in the queue; so waiting for DynamoDB overlaps decoding, and what is buffered stays
// bounded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.h"
#include "dynamodb/client.h"

namespace sumac::dynamodb {

struct ParallelScanOptions {
  int total_segments = 1;
  // Segments being read at the same time; the others wait their turn.
  int concurrency = 8;
  // Pages that may wait for the reader, all segments together. In flight and waiting together never
  // exceed pages_buffered_max + concurrency.
  int pages_buffered_max = 8;
};

// What a scan has cost so far. Only grows.
struct ScanStatistics {
  uint64_t pages = 0;
  uint64_t items = 0;          // returned
  uint64_t items_scanned = 0;  // evaluated by the service, and billed
  uint64_t bytes = 0;          // of response bodies
  double consumed_read_units = 0;
};

// Thread-safe: several workers call Next on one scan. Destroying it cancels all requests.
class ParallelScan {
 public:
  // Starts reading. `request` says what to read; its segment fields are ignored.
  ParallelScan(std::shared_ptr<Client> client, ScanRequest request, ParallelScanOptions options);
  ~ParallelScan();

  // Returns the next page of any segment, or nothing at the end; blocks until there is one. While
  // blocked it calls `interrupted` about every 20 ms and returns kCancelled once that is true.
  // After the first error every call returns that error and no more requests are made.
  Result<std::optional<Page>> Next(const std::function<bool()>& interrupted);

  // Stops all requests; Next returns kCancelled from now on. Safe to call more than once.
  void Cancel();

  ScanStatistics Statistics() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace sumac::dynamodb
