// The metrics of datasets. docs/metrics.md lists them; a test holds the two together.
#pragma once

#include <vector>

#include "base/metrics.h"

namespace sumac::engine {

// Values that did not fit their column. Labels: dataset, column.
extern const MetricDefinition kTypeMismatches;
// Attributes without a column, each counted when it is noticed first. Label: dataset.
extern const MetricDefinition kUnknownAttributes;
// Attempts to bring the schema up to date. Labels: dataset, result (kRefreshChanged, ...).
extern const MetricDefinition kSchemaRefreshes;
inline constexpr char kRefreshChanged[] = "changed";
inline constexpr char kRefreshUnchanged[] = "unchanged";
inline constexpr char kRefreshFailed[] = "failed";
// Columns of the schema that is served. Label: dataset.
extern const MetricDefinition kSchemaColumns;
// What scans have cost. Label: name (of the dataset), as all of a component's own have in Spice.
extern const MetricDefinition kScanPages;
extern const MetricDefinition kScanItems;
extern const MetricDefinition kScanReadUnits;
extern const MetricDefinition kScanBytes;
extern const MetricDefinition kScanWireBytes;
// Requests that were throttled. Labels: name, scope (kThrottleOfTable, ...).
extern const MetricDefinition kScanThrottles;
inline constexpr char kThrottleOfTable[] = "table";
inline constexpr char kThrottleOfKeyRange[] = "key_range";
// Requests that failed otherwise and were sent again. Label: name.
extern const MetricDefinition kScanFailures;
// Label: name.
extern const MetricDefinition kScanCapacityWait;

// The names and labels below are Spice's, but for kCopyRows.

// The state of a dataset as a number, which the metric's text lists. Label: dataset.
extern const MetricDefinition kLoadState;
// Attempts to load a dataset for the first time that failed. No label.
extern const MetricDefinition kLoadErrors;
// Datasets that serve. Label: engine (kNoAcceleration, or that of the acceleration).
extern const MetricDefinition kActiveDatasets;
inline constexpr char kNoAcceleration[] = "None";
// Loads and refreshes of copies: how long those took that succeeded, and how many failed. Labels:
// dataset, mode ("full", "append").
extern const MetricDefinition kRefreshDuration;
extern const MetricDefinition kRefreshErrors;
// Of the copy that serves: when its last refresh was complete, and its size. Label: dataset.
extern const MetricDefinition kLastRefresh;
extern const MetricDefinition kCopyBytes;
extern const MetricDefinition kCopyRows;
// Queries planned on the source of a dataset whose first copy is not loaded. Label: dataset_name.
extern const MetricDefinition kFederatedFallback;

std::vector<const MetricDefinition*> AllDatasetMetrics();

}  // namespace sumac::engine
