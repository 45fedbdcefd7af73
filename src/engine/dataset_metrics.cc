#include "engine/dataset_metrics.h"

namespace sumac::engine {
namespace {

using Kind = MetricDefinition::Kind;

}  // namespace

const MetricDefinition kTypeMismatches = {"dataset_type_mismatches_total",
                                          Kind::kCounter,
                                          "Values read that did not fit their column's type.",
                                          {"dataset", "column"}};
const MetricDefinition kUnknownAttributes = {
    "dataset_unknown_attributes_total",
    Kind::kCounter,
    "Attributes noticed that the schema has no column for.",
    {"dataset"}};
const MetricDefinition kSchemaRefreshes = {
    "dataset_schema_refreshes_total", Kind::kCounter, "Schema refreshes.", {"dataset", "result"}};
const MetricDefinition kSchemaColumns = {
    "dataset_schema_columns", Kind::kGauge, "Columns of the schema in use.", {"dataset"}};
const MetricDefinition kScanPages = {
    "dataset_dynamodb_pages_total", Kind::kCounter, "Pages that scans have read.", {"name"}};
const MetricDefinition kScanItems = {
    "dataset_dynamodb_items_total", Kind::kCounter, "Items that scans have read.", {"name"}};
const MetricDefinition kScanReadUnits = {"dataset_dynamodb_consumed_read_units_total",
                                         Kind::kCounter,
                                         "Read capacity units that scans have consumed.",
                                         {"name"}};
const MetricDefinition kScanBytes = {"dataset_dynamodb_response_bytes_total",
                                     Kind::kCounter,
                                     "Bytes of the pages that scans have read.",
                                     {"name"}};
const MetricDefinition kScanWireBytes = {
    "dataset_dynamodb_wire_bytes_total",
    Kind::kCounter,
    "Bytes of the pages that scans have read, as they came, compressed or not.",
    {"name"}};
const MetricDefinition kScanThrottles = {"dataset_dynamodb_throttles_total",
                                         Kind::kCounter,
                                         "Requests of scans that the service has throttled.",
                                         {"name", "scope"}};
const MetricDefinition kScanFailures = {
    "dataset_dynamodb_failures_total",
    Kind::kCounter,
    "Requests of scans that failed in a way that passes, and were sent again.",
    {"name"}};
const MetricDefinition kScanCapacityWait = {"dataset_dynamodb_capacity_wait_seconds_total",
                                            Kind::kCounter,
                                            "Time that scans have waited for read capacity.",
                                            {"name"}};

std::vector<const MetricDefinition*> AllDatasetMetrics() {
  return {&kTypeMismatches, &kUnknownAttributes, &kSchemaRefreshes, &kSchemaColumns,
          &kScanPages,      &kScanItems,         &kScanReadUnits,   &kScanBytes,
          &kScanWireBytes,  &kScanThrottles,     &kScanFailures,    &kScanCapacityWait};
}

}  // namespace sumac::engine
