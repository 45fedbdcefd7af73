// How a DynamoDB table is scanned, from its description and the dataset's parameters. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "datasets/dynamodb_parameters.h"
#include "dynamodb/parallel_scan.h"
#include "dynamodb/table_description.h"

namespace sumac::datasets {

// What a sample of the table has shown of its size.
struct SampledSize {
  bool whole_table = false;
  uint64_t items = 0;
  uint64_t bytes = 0;  // of response bodies
};

// Without what scans share: the table's capacity and the process's budget of bytes.
dynamodb::ParallelScanOptions ScanOptionsFor(const DynamoDbParameters& parameters,
                                             const dynamodb::TableDescription& table,
                                             const std::optional<SampledSize>& sample);

// Read units a second that the dataset's scans may take; nothing when it sets no bound. Error
// kInvalidArgument: a share of a throughput that the table does not have.
Result<std::optional<double>> ReadUnitsAllowed(const DynamoDbParameters& parameters,
                                               const dynamodb::TableDescription& table);

}  // namespace sumac::datasets
