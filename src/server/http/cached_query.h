// What one query has to do with the results cache: whether it is looked for there, what its
// response says of that, and whether its answer is kept. Internal to server/.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/results/result_writer.h"
#include "server/http/results_cache.h"
#include "server/http/sql_request.h"

namespace sumac::server {

inline constexpr char kConsumedUnitsHeader[] = "Sumac-Consumed-RCU";
inline constexpr char kCacheStatusHeader[] = "Results-Cache-Status";

// What a request's Cache-Control asks for; of its directives, no-cache and only-if-cached count.
CacheUse ParseCacheControl(std::string_view value);

// Questions with more text than this are not looked for, and their answers not kept: the key is
// made and compared where the network is served.
inline constexpr size_t kCacheKeyBytesMax = 256 << 10;

// All that makes an answer: the SQL, the parameters with their types, the format. Requests with
// equal keys have equal answers. Empty when it would be too long.
std::string CacheKeyOf(const SqlRequest& request, engine::ResultFormat format);

// What an answer from the cache says that it has cost: nothing. An object of kSqlV1Json says so in
// its last members, other formats nowhere.
void ForgetCost(engine::ResultFormat format, std::string& body);

// Used by one thread at a time. The calls come in the order in which they are declared.
class CachedQuery {
 public:
  // `cache` may be null: then nothing is found, kept or said.
  CachedQuery(std::shared_ptr<ResultsCache> cache, const SqlRequest& request,
              engine::ResultFormat format);

  void LookUp(uint64_t data_version);
  // The whole response, except for its body, which is apart because it may be large; null when the
  // query has to run.
  const HttpReply* hit() const { return hit_.get(); }
  HttpReply HitHeader() const;
  // True when the request wants an answer from the cache or none.
  bool MustNotRun() const { return use_ == CacheUse::kOnlyIfCached && hit_ == nullptr; }
  HttpReply Refusal() const;

  // The query begins, over data of this version.
  void Begin(uint64_t data_version) { data_version_ = data_version; }
  // It was planned; see engine::ResultStream::Repeatable.
  void SetRepeatable(bool repeatable) { keeps_ = !key_.empty() && repeatable; }
  // Says in the header of its response how it was answered.
  void AddStatus(HttpReply& header) const;
  // A part of the body is sent, before others.
  void Collect(std::string_view bytes);
  // The query ended well, and its body with `rest`; `header` has what is true of the answer
  // whenever it is sent.
  void Keep(HttpReply header, std::string_view rest);

 private:
  const std::shared_ptr<ResultsCache> cache_;
  const engine::ResultFormat format_;
  const CacheUse use_;
  const std::string key_;  // empty without a cache, and when it would be too long
  std::shared_ptr<const HttpReply> hit_;
  uint64_t data_version_ = 0;
  bool keeps_ = false;
  std::string collected_;
};

}  // namespace sumac::server
