// How far a scan had come that another one goes on with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sumac::dynamodb {

// A segment that has been begun: at least one page of it was read.
struct ResumedSegment {
  int number = 0;
  uint64_t pages = 0;
  // The LastEvaluatedKey of the last of them: where the next page begins. Empty when it has ended.
  std::string start_key;
  bool ended = false;
};

struct ScanResumption {
  // Each at most once.
  std::vector<ResumedSegment> segments;
  // In all of these pages.
  uint64_t items_scanned = 0;
};

}  // namespace sumac::dynamodb
