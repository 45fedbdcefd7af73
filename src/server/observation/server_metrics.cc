#include "server/observation/server_metrics.h"

namespace sumac::server {
namespace {

using MetricKind = MetricDefinition::Kind;

// From a lookup by key to a scan of a large table.
const std::vector<double> kDurationBoundsMs = {
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000};

}  // namespace

const MetricDefinition kHttpRequests = {
    "http_requests", MetricKind::kCounter, "Requests over HTTP.", {"method", "path", "status"}};
const MetricDefinition kHttpRequestsTotal = {"http_requests_total",
                                             MetricKind::kCounter,
                                             "The same as http_requests.",
                                             {"method", "path", "status"}};
const MetricDefinition kHttpRequestsDuration = {
    "http_requests_duration_ms",
    MetricKind::kHistogram,
    "From a request's header to the end of its response.",
    {"method", "path", "status"},
    kDurationBoundsMs};
const MetricDefinition kHttpServerStarted = {
    "runtime_http_server_started", MetricKind::kCounter, "HTTP servers started.", {}};
const MetricDefinition kFlightRequests = {
    "flight_requests", MetricKind::kCounter, "Calls over Flight.", {"method", "status"}};
const MetricDefinition kFlightRequestDuration = {"flight_request_duration_ms",
                                                 MetricKind::kHistogram,
                                                 "From a call's arrival to its end.",
                                                 {"method", "status"},
                                                 kDurationBoundsMs};
const MetricDefinition kFlightServerStarted = {
    "runtime_flight_server_started", MetricKind::kCounter, "Flight servers started.", {}};
const MetricDefinition kQueryExecutions = {
    "query_executions", MetricKind::kCounter, "Queries that have ended.", {"protocol"}};
const MetricDefinition kQueryFailures = {
    "query_failures", MetricKind::kCounter, "Queries that have failed.", {"protocol", "code"}};
const MetricDefinition kQueryDuration = {"query_duration_ms",
                                         MetricKind::kHistogram,
                                         "From a query's arrival to the end of its answer.",
                                         {"protocol"},
                                         kDurationBoundsMs};
const MetricDefinition kQueryExecutionDuration = {
    "query_execution_duration_ms",
    MetricKind::kHistogram,
    "From when a query runs, after it has waited, to the end of its answer.",
    {"protocol"},
    kDurationBoundsMs};
const MetricDefinition kQueryProcessedBytes = {"query_processed_bytes",
                                               MetricKind::kCounter,
                                               "Bytes that queries have read of DynamoDB.",
                                               {"protocol"}};
const MetricDefinition kQueryReturnedRows = {
    "query_returned_rows", MetricKind::kCounter, "Rows that queries have given.", {"protocol"}};
const MetricDefinition kQueryReturnedBytes = {
    "query_returned_bytes", MetricKind::kCounter, "Bytes of their answers.", {"protocol"}};
const MetricDefinition kQueryActiveCount = {
    "query_active_count", MetricKind::kGauge, "Queries that wait or run.", {}};

std::vector<const MetricDefinition*> AllServerMetrics() {
  return {&kHttpRequests,        &kHttpRequestsTotal,      &kHttpRequestsDuration,
          &kHttpServerStarted,   &kFlightRequests,         &kFlightRequestDuration,
          &kFlightServerStarted, &kQueryExecutions,        &kQueryFailures,
          &kQueryDuration,       &kQueryExecutionDuration, &kQueryProcessedBytes,
          &kQueryReturnedRows,   &kQueryReturnedBytes,     &kQueryActiveCount};
}

}  // namespace sumac::server
