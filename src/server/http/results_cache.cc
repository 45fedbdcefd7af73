#include "server/http/results_cache.h"

#include <utility>

#include "server/http/results_cache_metrics.h"

namespace sumac::server {
namespace {

uint64_t SizeOf(const std::string& key, const HttpReply& answer) {
  uint64_t bytes = ResultsCache::kEntryOverheadBytes + key.size() + answer.content_type.size() +
                   answer.body.size();
  for (const auto& [name, value] : answer.headers) bytes += name.size() + value.size();
  return bytes;
}

}  // namespace

ResultsCache::ResultsCache(ResultsCacheOptions options, std::shared_ptr<const Clock> clock,
                           Metrics* metrics)
    : options_(options), clock_(std::move(clock)), metrics_(metrics) {
  if (metrics_ == nullptr) return;
  metrics_->Set(kResultsCacheBytesMax, {}, static_cast<double>(options_.max_size_bytes));
  for (const auto* counter : {&kResultsCacheRequests, &kResultsCacheHits, &kResultsCacheMisses,
                              &kResultsCacheEvictions}) {
    metrics_->Add(*counter, {}, 0);
  }
  ReportSize();
}

std::shared_ptr<const HttpReply> ResultsCache::Find(const std::string& key, uint64_t data_version) {
  Entries removed;
  std::lock_guard lock(mutex_);
  RemoveOutdated(data_version, removed);
  Count(kResultsCacheRequests);
  const auto found = by_key_.find(key);
  // One who read the version before it changed has nothing to find any more.
  if (found == by_key_.end() || data_version != data_version_) {
    ++statistics_.misses;
    Count(kResultsCacheMisses);
    ReportHitRatio();
    return nullptr;
  }
  ++statistics_.hits;
  Count(kResultsCacheHits);
  ReportHitRatio();
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->answer;
}

void ResultsCache::Put(const std::string& key, uint64_t data_version, HttpReply answer) {
  const uint64_t size_bytes = SizeOf(key, answer);
  if (size_bytes > entry_bytes_max()) return;
  // What a body that grew piece by piece has in reserve is not counted.
  answer.body.shrink_to_fit();
  auto shared = std::make_shared<const HttpReply>(std::move(answer));
  Entries removed;
  std::lock_guard lock(mutex_);
  RemoveOutdated(data_version, removed);
  if (data_version != data_version_) return;
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    Remove(found->second, removed);
  }
  while (statistics_.size_bytes + size_bytes > options_.max_size_bytes) {
    Remove(std::prev(entries_.end()), removed);
    ++statistics_.evictions;
    Count(kResultsCacheEvictions);
  }
  entries_.push_front({key, std::move(shared), size_bytes, clock_->MonotonicNow(), {}});
  const auto entry = entries_.begin();
  entry->place_by_age = by_age_.insert(by_age_.end(), entry);
  by_key_.emplace(entry->key, entry);
  ++statistics_.items;
  statistics_.size_bytes += size_bytes;
  ReportSize();
}

ResultsCacheStatistics ResultsCache::Statistics() const {
  std::lock_guard lock(mutex_);
  return statistics_;
}

void ResultsCache::RemoveOutdated(uint64_t data_version, Entries& removed) {
  if (data_version > data_version_) {
    data_version_ = data_version;
    while (!entries_.empty()) Remove(entries_.begin(), removed);
  }
  const auto now = clock_->MonotonicNow();
  while (!by_age_.empty() && now - by_age_.front()->put_at >= options_.item_ttl) {
    Remove(by_age_.front(), removed);
  }
  if (!removed.empty()) ReportSize();
}

void ResultsCache::Remove(Entries::iterator entry, Entries& removed) {
  by_key_.erase(entry->key);
  by_age_.erase(entry->place_by_age);
  --statistics_.items;
  statistics_.size_bytes -= entry->size_bytes;
  removed.splice(removed.end(), entries_, entry);
}

void ResultsCache::ReportSize() {
  if (metrics_ == nullptr) return;
  metrics_->Set(kResultsCacheItems, {}, static_cast<double>(statistics_.items));
  metrics_->Set(kResultsCacheBytes, {}, static_cast<double>(statistics_.size_bytes));
}

void ResultsCache::ReportHitRatio() {
  if (metrics_ == nullptr) return;
  const auto hits = static_cast<double>(statistics_.hits);
  metrics_->Set(kResultsCacheHitRatio, {}, hits / (hits + static_cast<double>(statistics_.misses)));
}

void ResultsCache::Count(const MetricDefinition& metric) {
  if (metrics_ != nullptr) metrics_->Add(metric, {});
}

}  // namespace sumac::server
