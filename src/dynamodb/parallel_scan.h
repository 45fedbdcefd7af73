// Reads a whole table as a stream of pages, several segments at a time, ahead of the reader; or
// what several queries find, or gets by key, each of which is a segment then.
//
// A segment has at most one request in flight, sent as soon as the page before it arrived and there
// is room; so waiting for DynamoDB overlaps decoding, and what is buffered stays bounded. Segments
// are more than streams and begun in an order that keeps neighbours apart (segment_order.h). How
// many streams there are follows from what they bring (stream_controller.h); how much they read in
// a second, from what the table's scans may together (read_capacity.h).
//
// For a reader that wants only some rows, few items are asked for at a time (row_goal.h).
//
// Throttles are waited out for as long as it takes. One of a key range holds up its segment only;
// one of the table lowers the rate of all its scans. A failure that may pass costs its page, which
// is asked for again, up to kPageAttemptsMax times (scan_retry.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "dynamodb/client.h"
#include "dynamodb/page_buffer.h"
#include "dynamodb/page_source.h"
#include "dynamodb/read_budget.h"
#include "dynamodb/read_capacity.h"
#include "dynamodb/row_goal.h"
#include "dynamodb/scan_resumption.h"
#include "dynamodb/stream_controller.h"

namespace sumac::dynamodb {

struct ParallelScanOptions {
  int total_segments = 1;
  StreamLimits streams;
  PageBufferOptions buffer;
  // The table's, shared with its other scans; null makes one of this scan's own.
  std::shared_ptr<ReadCapacity> capacity;
  // Of DescribeTable, to begin with; 0 means unknown.
  uint64_t items_expected = 0;
  double units_per_item = 0;
  // The scan fails with kDeadlineExceeded from then on.
  std::optional<MonotonicTime> deadline;
  // What it may consume, together with others that have the same; null sets no bound. Once nothing
  // more can be had of it and all pages are read, the scan fails with kResourceExhausted.
  std::shared_ptr<ReadBudget> budget;
  // Sees each page as it arrives, on the transport's thread, with the scan's lock held; `request`
  // has neither its segment nor its start key.
  std::function<void(const ScanRequest& request, const Page& page)> on_page;
  // How many rows the reader is likely to take; nothing: all.
  std::optional<RowGoalOptions> row_goal;
  // What of the table has been read already and is not read again; by a scan of as many segments.
  // REQUIRES: numbers below total_segments; neither queries nor a row_goal.
  ScanResumption resumption;
  // Whether pages without items are given out too, for a reader that keeps track of the segments.
  bool empty_pages = false;
};

// Destroying it cancels all requests.
class ParallelScan final : public PageSource {
 public:
  // Starts reading. `request` says what to read; its segment fields are ignored.
  ParallelScan(std::shared_ptr<Client> client, ScanRequest request, ParallelScanOptions options);
  // The same of requests of one kind to one table, at least one, each with a key condition or keys.
  // options.total_segments is ignored.
  ParallelScan(std::shared_ptr<Client> client, std::vector<ScanRequest> queries,
               ParallelScanOptions options);
  ~ParallelScan() override;

  // Pages of any segment that hold items; with options.empty_pages, all. After the first error no
  // more requests are made. Errors: those of Client::Scan, kDeadlineExceeded.
  Result<std::optional<Page>> Next(const std::function<bool()>& interrupted) override;

  // Nothing yet, a page, or the end.
  struct Taken {
    std::optional<Page> page;
    bool at_end = false;
  };
  // As Next, and does not block.
  Result<Taken> TryNext();

  // Stops all requests.
  void Cancel() override;
  ScanStatistics Statistics() const override;
  ScanProgress Progress() const override;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace sumac::dynamodb
