// Answers that were sent once and may be sent again: a cache of whole response bodies, bounded in
// bytes and in age, which loses everything when the data changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/metrics.h"
#include "server/http/http_reply.h"

namespace sumac::server {

struct ResultsCacheOptions {
  uint64_t max_size_bytes = uint64_t{128} << 20;
  // An answer is as old as the moment it was put in; at this age it is gone.
  std::chrono::nanoseconds item_ttl = std::chrono::seconds(1);
};

struct ResultsCacheStatistics {
  uint64_t hits = 0;
  uint64_t misses = 0;
  // Answers that made room for others; those that grew old or whose data changed do not count.
  uint64_t evictions = 0;
  uint64_t items = 0;
  uint64_t size_bytes = 0;

  friend bool operator==(const ResultsCacheStatistics&, const ResultsCacheStatistics&) = default;
};

// When room is needed, what was used longest ago goes. Thread-safe.
class ResultsCache {
 public:
  // Every entry counts for this many bytes more than its texts have.
  static constexpr uint64_t kEntryOverheadBytes = 512;

  // `metrics`, when not null, is kept up to date and outlives the cache.
  ResultsCache(ResultsCacheOptions options, std::shared_ptr<const Clock> clock, Metrics* metrics);

  // The answer of `key`; null when there is none that is young enough and of `data_version`
  // (Backend::DataVersion, which only grows). Counts as a hit or a miss.
  std::shared_ptr<const HttpReply> Find(const std::string& key, uint64_t data_version);

  // Keeps `answer`, in the place of an older one. `data_version` is that of the moment before its
  // query began. Nothing happens when the data has changed since, as far as the cache has heard of
  // it, or when the entry would be larger than entry_bytes_max().
  void Put(const std::string& key, uint64_t data_version, HttpReply answer);

  // An eighth of the whole, so that one answer never takes the place of all others.
  uint64_t entry_bytes_max() const { return options_.max_size_bytes / 8; }
  const ResultsCacheOptions& options() const { return options_; }
  ResultsCacheStatistics Statistics() const;

 private:
  struct Entry;
  using Entries = std::list<Entry>;
  using ByAge = std::list<Entries::iterator>;
  struct Entry {
    std::string key;
    std::shared_ptr<const HttpReply> answer;
    uint64_t size_bytes = 0;
    MonotonicTime put_at;
    ByAge::iterator place_by_age;
  };

  // Each is called with mutex_ held, and moves what it removes to `removed`, which the caller
  // destroys when it holds the mutex no more.
  void RemoveOutdated(uint64_t data_version, Entries& removed);
  void Remove(Entries::iterator entry, Entries& removed);
  void ReportSize();
  void ReportHitRatio();
  void Count(const MetricDefinition& metric);

  const ResultsCacheOptions options_;
  const std::shared_ptr<const Clock> clock_;
  Metrics* const metrics_;

  mutable std::mutex mutex_;
  Entries entries_;  // the last used first
  ByAge by_age_;     // the oldest first
  std::unordered_map<std::string_view, Entries::iterator>
      by_key_;                 // the keys are those of entries_
  uint64_t data_version_ = 0;  // of all entries
  ResultsCacheStatistics statistics_;
};

}  // namespace sumac::server
