#include "server/http/cached_query.h"

#include <bit>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "server/http/accept.h"
#include "server/http/error_reply.h"
#include "server/http/header_text.h"

namespace sumac::server {
namespace {

constexpr char kLegacyStatusHeader[] = "X-Cache";

// With its length before it, so that no two lists of texts are written alike.
void AppendText(std::string_view text, std::string& out) {
  out += fmt::format("{}:", text.size());
  out += text;
}

void AppendValue(const duckdb::Value& value, std::string& out) {
  AppendText(value.type().ToString(), out);
  if (value.IsNull()) {
    out += '-';
  } else if (value.type().id() == duckdb::LogicalTypeId::DOUBLE) {
    // Digit for digit, however it is printed.
    AppendText(fmt::format("{:x}", std::bit_cast<uint64_t>(value.GetValue<double>())), out);
  } else {
    AppendText(value.ToString(), out);
  }
}

// About as many as the key is going to have.
size_t TextBytes(const SqlRequest& request) {
  constexpr size_t kOtherValueBytes = 64;
  size_t bytes = request.sql.size();
  const auto add = [&](const duckdb::Value& value) {
    const bool is_text = !value.IsNull() && value.type().id() == duckdb::LogicalTypeId::VARCHAR;
    bytes += is_text ? duckdb::StringValue::Get(value).size() : kOtherValueBytes;
  };
  for (const auto& value : request.parameters.positional) add(value);
  for (const auto& [name, value] : request.parameters.named) {
    bytes += name.size();
    add(value);
  }
  return bytes;
}

}  // namespace

CacheUse ParseCacheControl(std::string_view value) {
  CacheUse use = CacheUse::kUse;
  while (!value.empty()) {
    const size_t comma = value.find(',');
    // Without the blanks around it.
    const std::string_view directive = MediaType(value.substr(0, comma));
    if (EqualsIgnoreCase(directive, "only-if-cached")) return CacheUse::kOnlyIfCached;
    if (EqualsIgnoreCase(directive, "no-cache")) use = CacheUse::kRefresh;
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
  return use;
}

std::string CacheKeyOf(const SqlRequest& request, engine::ResultFormat format) {
  if (TextBytes(request) > kCacheKeyBytesMax) return {};
  std::string key = fmt::format("{} ", static_cast<int>(format));
  AppendText(request.sql, key);
  for (const auto& value : request.parameters.positional) AppendValue(value, key);
  std::map<std::string, const duckdb::Value*> named;
  for (const auto& [name, value] : request.parameters.named) {
    named[duckdb::StringUtil::Lower(name)] = &value;
  }
  for (const auto& [name, value] : named) {
    key += '$';
    AppendText(name, key);
    AppendValue(*value, key);
  }
  return key;
}

void ForgetCost(engine::ResultFormat format, std::string& body) {
  if (format != engine::ResultFormat::kSqlV1Json) return;
  static constexpr std::string_view kTime = ",\"execution_time_ms\":";
  static constexpr std::string_view kUnits = ",\"consumed_rcu\":";
  // The last one: what follows it are numbers and strings, in which quotes are escaped.
  const size_t time = body.rfind(kTime);
  if (time == std::string::npos) return;
  const size_t time_value = time + kTime.size();
  size_t end = body.find_first_of(",}", time_value);
  if (end == std::string::npos) return;
  if (body.compare(end, kUnits.size(), kUnits) == 0) {
    end = body.find_first_of(",}", end + kUnits.size());
  }
  body.replace(time_value, end - time_value, "0");
}

CachedQuery::CachedQuery(std::shared_ptr<ResultsCache> cache, const SqlRequest& request,
                         engine::ResultFormat format)
    : cache_(std::move(cache)),
      format_(format),
      use_(request.cache_use),
      key_(cache_ ? CacheKeyOf(request, format) : std::string()) {}

void CachedQuery::LookUp(uint64_t data_version) {
  if (!key_.empty() && use_ != CacheUse::kRefresh) hit_ = cache_->Find(key_, data_version);
}

HttpReply CachedQuery::HitHeader() const {
  HttpReply header;
  header.content_type = hit_->content_type;
  header.headers = hit_->headers;
  header.headers.emplace_back(kConsumedUnitsHeader, "0");
  AddStatus(header);
  return header;
}

HttpReply CachedQuery::Refusal() const {
  HttpReply reply = TextReply(504, cache_ ? "The answer is not in the results cache."
                                          : "The answer is not in the results cache, which is off "
                                            "(runtime.caching.sql_results.enabled).");
  AddStatus(reply);
  return reply;
}

void CachedQuery::AddStatus(HttpReply& header) const {
  if (!cache_) return;
  if (hit_) {
    header.headers.emplace_back(kCacheStatusHeader, "HIT");
    header.headers.emplace_back(kLegacyStatusHeader, "Hit from spiceai");
  } else if (MustNotRun() || (keeps_ && use_ == CacheUse::kUse)) {
    header.headers.emplace_back(kCacheStatusHeader, "MISS");
    header.headers.emplace_back(kLegacyStatusHeader, "Miss from spiceai");
  } else {
    header.headers.emplace_back(kCacheStatusHeader, "BYPASS");
  }
}

void CachedQuery::Collect(std::string_view bytes) {
  if (!keeps_) return;
  if (collected_.size() + bytes.size() <= cache_->entry_bytes_max()) {
    collected_ += bytes;
    return;
  }
  keeps_ = false;
  std::string().swap(collected_);
}

void CachedQuery::Keep(HttpReply header, std::string_view rest) {
  Collect(rest);
  if (!keeps_) return;
  header.content_type = ContentTypeOf(format_);
  header.body = std::exchange(collected_, {});
  ForgetCost(format_, header.body);
  cache_->Put(key_, data_version_, std::move(header));
}

}  // namespace sumac::server
