// How far a query is, as one line for a person.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/query_progress.h"

namespace sumac::cli {

// Remembers the last seconds, for what happens now and not on average. Not thread-safe.
class ProgressLine {
 public:
  explicit ProgressLine(MonotonicTime started_at)
      : started_at_(started_at), moments_({{started_at, {}}}) {}

  // "users 34%  1.2M items  345 MB  12.3k RCU  45.1k items/s  12.3 MB/s  1m 20s left": how far each
  // scan under way is, what the query's scans read together, and the longest time left. What does
  // not fit `columns` is left out, the least important first. Call it at least every few seconds.
  std::string Text(const engine::QueryProgress& progress, MonotonicTime now, size_t columns);

 private:
  struct Moment {
    MonotonicTime at;
    dynamodb::ScanStatistics read;
  };
  // A part of the line; `importance` decides what is left out when there is no room.
  struct Part {
    std::string text;
    int importance = 0;
  };

  void Remember(const dynamodb::ScanStatistics& read, MonotonicTime now);
  std::vector<Part> ScanParts(const engine::QueryProgress& progress,
                              const dynamodb::ScanStatistics& read, MonotonicTime now) const;
  std::vector<Part> WorkParts(const engine::QueryProgress& progress,
                              const dynamodb::ScanStatistics& read) const;
  // "throttled", "waits for capacity"; empty when neither happened in the last seconds.
  std::string Hindrance(const dynamodb::ScanStatistics& read, MonotonicTime now) const;

  const MonotonicTime started_at_;
  std::deque<Moment> moments_;  // never empty
};

}  // namespace sumac::cli
