// What the servers count of requests and queries; docs/metrics.md lists it.
#pragma once

#include <vector>

#include "base/metrics.h"

namespace sumac::server {

// Labels of the first three: method, path (that of the route, such as
// /v1/datasets/{name}/schema/refresh), status.
extern const MetricDefinition kHttpRequests;
extern const MetricDefinition kHttpRequestsTotal;
extern const MetricDefinition kHttpRequestsDuration;
extern const MetricDefinition kHttpServerStarted;
// Labels of the next two: method (DoGet), status (INVALID_ARGUMENT).
extern const MetricDefinition kFlightRequests;
extern const MetricDefinition kFlightRequestDuration;
extern const MetricDefinition kFlightServerStarted;
// Label of the queries': protocol.
extern const MetricDefinition kQueryExecutions;
extern const MetricDefinition kQueryFailures;  // and code
extern const MetricDefinition kQueryDuration;
extern const MetricDefinition kQueryExecutionDuration;
extern const MetricDefinition kQueryProcessedBytes;
extern const MetricDefinition kQueryReturnedRows;
extern const MetricDefinition kQueryReturnedBytes;
extern const MetricDefinition kQueryActiveCount;

// All of them.
std::vector<const MetricDefinition*> AllServerMetrics();

}  // namespace sumac::server
