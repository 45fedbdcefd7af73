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

const MetricDefinition kLoadState = {
    "dataset_load_state",
    Kind::kGauge,
    "Status of the dataset. 0=Initializing, 1=Ready, 2=Disabled, 3=Error, 4=Refreshing, "
    "5=ShuttingDown.",
    {"dataset"}};
const MetricDefinition kLoadErrors = {
    "dataset_load_errors", Kind::kCounter, "Number of errors loading the dataset.", {}};
const MetricDefinition kActiveDatasets = {
    "dataset_active_count", Kind::kGauge, "Number of currently loaded datasets.", {"engine"}};
const MetricDefinition kRefreshDuration = {
    "dataset_acceleration_refresh_duration_ms",
    Kind::kHistogram,
    "Duration in milliseconds to load a full or appended refresh data.",
    {"dataset", "mode"},
    {10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 6e4, 3e5, 1.8e6, 7.2e6}};
const MetricDefinition kRefreshErrors = {"dataset_acceleration_refresh_errors",
                                         Kind::kCounter,
                                         "Number of errors refreshing the dataset.",
                                         {"dataset", "mode"}};
const MetricDefinition kLastRefresh = {
    "dataset_acceleration_last_refresh_unix_time_ms",
    Kind::kGauge,
    "Unix timestamp in milliseconds when the last refresh completed.",
    {"dataset"}};
const MetricDefinition kCopyBytes = {"dataset_acceleration_size_bytes",
                                     Kind::kGauge,
                                     "Size of the accelerated table storage in bytes.",
                                     {"dataset"}};
const MetricDefinition kCopyRows = {
    "dataset_acceleration_rows", Kind::kGauge, "Rows of the accelerated table.", {"dataset"}};
const MetricDefinition kFederatedFallback = {
    "accelerated_ready_state_federated_fallback",
    Kind::kCounter,
    "Number of times the federated table was queried due to the accelerated table loading the "
    "initial data.",
    {"dataset_name"}};

std::vector<const MetricDefinition*> AllDatasetMetrics() {
  return {&kTypeMismatches,   &kUnknownAttributes, &kSchemaRefreshes, &kSchemaColumns,
          &kScanPages,        &kScanItems,         &kScanReadUnits,   &kScanBytes,
          &kScanWireBytes,    &kScanThrottles,     &kScanFailures,    &kScanCapacityWait,
          &kLoadState,        &kLoadErrors,        &kActiveDatasets,  &kRefreshDuration,
          &kRefreshErrors,    &kLastRefresh,       &kCopyBytes,       &kCopyRows,
          &kFederatedFallback};
}

}  // namespace sumac::engine
