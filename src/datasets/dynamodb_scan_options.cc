#include "datasets/dynamodb_scan_options.h"

#include <algorithm>

#include "dynamodb/table_throughput.h"

namespace sumac::datasets {
namespace {

// A segment of four or five pages: few enough that the last ones end together, and enough that the
// part page at the end of each, and segments that are empty, do not count.
constexpr uint64_t kSegmentBytes = 4ULL << 20;
constexpr uint64_t kPageBytes = 1ULL << 20;
constexpr uint64_t kSegmentsMax = 8'192;
constexpr uint64_t kSegmentItemsMin = 64;
// Of a table whose size the service does not know yet, which may be large.
constexpr int kSegmentsUnknownSize = 16;

// Streams that get all out of a partition: it serves 3,000 read units a second, and one stream
// reads a page of 128.5 in 125 to 200 ms.
constexpr int kStreamsPerPartition = 4;
constexpr int kStreamsMax = 128;
constexpr int kStreamsMaxUnknown = 64;
// So few at first that a query for a few rows wastes few pages.
constexpr int kStreamsAtStart = 2;
constexpr int kStreamsAtStartMax = 4;

constexpr double kBytesPerReadUnit = 8'192;
constexpr double kUnitsOfAPage = static_cast<double>(kPageBytes) / kBytesPerReadUnit;

int SegmentsFor(const DynamoDbParameters& parameters, const dynamodb::TableDescription& table,
                const std::optional<SampledSize>& sample) {
  if (parameters.scan_segments) return *parameters.scan_segments;
  const bool seen_whole = sample && sample->whole_table;
  const uint64_t bytes = seen_whole ? sample->bytes : table.size_bytes;
  const uint64_t items = seen_whole ? sample->items : table.item_count;
  // 0 is what emulators and new tables say: unknown, not small.
  if (bytes == 0 && !seen_whole) return kSegmentsUnknownSize;
  if (bytes < kPageBytes) return 1;
  const uint64_t by_items = items == 0 ? kSegmentsMax : items / kSegmentItemsMin + 1;
  const uint64_t by_bytes = bytes / kSegmentBytes + 1;
  // The description may be hours old, so that a table beyond a page is read in parts at least.
  return static_cast<int>(std::clamp<uint64_t>(std::min(by_bytes, by_items), 2, kSegmentsMax));
}

dynamodb::StreamLimits StreamsFor(const DynamoDbParameters& parameters,
                                  const dynamodb::TableDescription& table, int segments) {
  dynamodb::StreamLimits streams;
  streams.start = kStreamsAtStart;
  streams.most = kStreamsMaxUnknown;
  const auto partitions = dynamodb::EstimatedPartitions(table);
  // Without a throughput it is no table of the service itself, and has no partitions of its kind.
  if (partitions && dynamodb::ReadUnitsPerSecond(table)) {
    streams.most = std::min(*partitions, kStreamsMax) * kStreamsPerPartition;
    streams.most = std::min(streams.most, kStreamsMax);
    streams.start = std::clamp(*partitions / 8, kStreamsAtStart, kStreamsAtStartMax);
    // With a rate of its own a scan has pages of its own size, and needs few streams.
    if (!parameters.read_capacity) {
      streams.rate = {*dynamodb::ReadUnitsPerSecond(table), kUnitsOfAPage};
    }
  }
  if (parameters.scan_concurrency) streams.most = *parameters.scan_concurrency;
  streams.most = std::min(streams.most, segments);
  streams.start = std::min(streams.start, streams.most);
  return streams;
}

}  // namespace

dynamodb::ParallelScanOptions ScanOptionsFor(const DynamoDbParameters& parameters,
                                             const dynamodb::TableDescription& table,
                                             const std::optional<SampledSize>& sample) {
  dynamodb::ParallelScanOptions options;
  options.total_segments = SegmentsFor(parameters, table, sample);
  options.streams = StreamsFor(parameters, table, options.total_segments);
  options.items_expected = sample && sample->whole_table ? sample->items : table.item_count;
  if (table.item_count > 0) {
    options.units_per_item = static_cast<double>(table.size_bytes) /
                             static_cast<double>(table.item_count) / kBytesPerReadUnit;
  }
  return options;
}

Result<std::optional<double>> ReadUnitsAllowed(const DynamoDbParameters& parameters,
                                               const dynamodb::TableDescription& table) {
  if (!parameters.read_capacity) return std::optional<double>();
  const auto& bound = *parameters.read_capacity;
  if (!bound.is_percent) return std::optional<double>(bound.amount);
  const auto units = dynamodb::ReadUnitsPerSecond(table);
  if (!units) {
    return Fail(ErrorCode::kInvalidArgument,
                "parameter 'read_capacity' is a share, and table '" + table.name +
                    "' does not say what its throughput is; give read units a second, such as 500");
  }
  return std::optional<double>(*units * bound.amount / 100);
}

}  // namespace sumac::datasets
