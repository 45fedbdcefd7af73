#include "server/http/results_cache_metrics.h"

namespace sumac::server {
namespace {

using Kind = MetricDefinition::Kind;

}  // namespace

const MetricDefinition kResultsCacheRequests = {
    "results_cache_requests", Kind::kCounter, "Queries that were looked for in the cache.", {}};
const MetricDefinition kResultsCacheHits = {
    "results_cache_hits", Kind::kCounter, "Queries that were answered from the cache.", {}};
const MetricDefinition kResultsCacheMisses = {
    "results_cache_misses", Kind::kCounter, "Queries whose answer was not in the cache.", {}};
const MetricDefinition kResultsCacheHitRatio = {
    "results_cache_hit_ratio", Kind::kGauge, "Hits by requests, since the process began.", {}};
const MetricDefinition kResultsCacheEvictions = {
    "results_cache_evictions", Kind::kCounter, "Answers that made room for others.", {}};
const MetricDefinition kResultsCacheItems = {
    "results_cache_items_count", Kind::kGauge, "Answers in the cache.", {}};
const MetricDefinition kResultsCacheBytes = {
    "results_cache_size_bytes", Kind::kGauge, "Bytes that the answers in the cache take.", {}};
const MetricDefinition kResultsCacheBytesMax = {
    "results_cache_max_size_bytes", Kind::kGauge, "Bytes that they may take.", {}};

std::vector<const MetricDefinition*> AllResultsCacheMetrics() {
  return {&kResultsCacheRequests, &kResultsCacheHits,      &kResultsCacheMisses,
          &kResultsCacheHitRatio, &kResultsCacheEvictions, &kResultsCacheItems,
          &kResultsCacheBytes,    &kResultsCacheBytesMax};
}

}  // namespace sumac::server
