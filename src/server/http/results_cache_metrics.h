// What is counted of the results cache; docs/metrics.md lists it.
#pragma once

#include <vector>

#include "base/metrics.h"

namespace sumac::server {

extern const MetricDefinition kResultsCacheRequests;
extern const MetricDefinition kResultsCacheHits;
extern const MetricDefinition kResultsCacheMisses;
extern const MetricDefinition kResultsCacheHitRatio;
extern const MetricDefinition kResultsCacheEvictions;
extern const MetricDefinition kResultsCacheItems;
extern const MetricDefinition kResultsCacheBytes;
extern const MetricDefinition kResultsCacheBytesMax;

// All of them.
std::vector<const MetricDefinition*> AllResultsCacheMetrics();

}  // namespace sumac::server
