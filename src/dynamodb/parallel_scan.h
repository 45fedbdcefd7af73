// Reads a whole table as a stream of pages, several segments at a time, ahead of the reader.
//
// Each segment has at most one request in flight, started as soon as the page before it arrived and
// there is room in the queue; so waiting for DynamoDB overlaps decoding, and what is buffered stays
// bounded.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/result.h"
#include "dynamodb/client.h"
#include "dynamodb/page_source.h"

namespace sumac::dynamodb {

struct ParallelScanOptions {
  int total_segments = 1;
  // Segments being read at the same time; the others wait their turn.
  int concurrency = 8;
  // Pages that may wait for the reader, all segments together. In flight and waiting together never
  // exceed pages_buffered_max + concurrency.
  int pages_buffered_max = 8;
};

// Destroying it cancels all requests.
class ParallelScan final : public PageSource {
 public:
  // Starts reading. `request` says what to read; its segment fields are ignored.
  ParallelScan(std::shared_ptr<Client> client, ScanRequest request, ParallelScanOptions options);
  ~ParallelScan() override;

  // Pages of any segment that hold items. After the first error no more requests are made.
  Result<std::optional<Page>> Next(const std::function<bool()>& interrupted) override;
  // Stops all requests.
  void Cancel() override;
  ScanStatistics Statistics() const override;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace sumac::dynamodb
