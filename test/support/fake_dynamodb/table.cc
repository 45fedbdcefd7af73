#include "fake_dynamodb/table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <zlib.h>

#include "base/json_text.h"

namespace sumac::fake_dynamodb {
namespace {

constexpr uint64_t kReadUnitBytes = 4096;

std::string Gzip(const std::string& text) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  std::string compressed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  deflate(&stream, Z_FINISH);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

uint32_t Crc32(std::string_view bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string Quote(std::string_view text) {
  std::string quoted;
  AppendJsonString(text, quoted);
  return quoted;
}

std::string ConsumedCapacity(const ScanParameters& parameters, uint64_t bytes_read) {
  if (parameters.capacity == CapacityDetail::kNone) return {};
  const uint64_t blocks = std::max<uint64_t>(1, (bytes_read + kReadUnitBytes - 1) / kReadUnitBytes);
  const double units = static_cast<double>(blocks) * (parameters.consistent_read ? 1.0 : 0.5);
  const auto of_table = parameters.capacity == CapacityDetail::kIndexes
                            ? fmt::format(R"(,"Table":{{"CapacityUnits":{:.1f}}})", units)
                            : "";
  return fmt::format(R"({{"CapacityUnits":{:.1f}{},"TableName":{}}})", units, of_table,
                     Quote(parameters.table_name));
}

// Two scans with the same name here get the same page.
std::string PageName(const ScanParameters& parameters, size_t start) {
  return fmt::format("{}/{}/{}/{}/{}/{}/{}/{}", start, parameters.segment,
                     parameters.total_segments, parameters.limit.value_or(0), parameters.count_only,
                     parameters.consistent_read, static_cast<int>(parameters.capacity),
                     fmt::join(parameters.projection, "\x1f"));
}

ServiceError InvalidStart(std::string_view why) {
  return ValidationError(fmt::format("The provided starting key is invalid: {}", why));
}

}  // namespace

std::string RenderPage(const PageParts& parts, int order) {
  enum { kCapacity, kCount, kItems, kLastKey, kScanned };
  static constexpr std::array<std::array<int, 5>, 5> kOrders = {{
      {kCapacity, kCount, kItems, kLastKey, kScanned},
      {kLastKey, kItems, kScanned, kCapacity, kCount},
      {kScanned, kLastKey, kCount, kItems, kCapacity},
      {kItems, kCount, kScanned, kCapacity, kLastKey},
      {kItems, kScanned, kLastKey, kCapacity, kCount},
  }};
  const std::array<std::pair<std::string_view, const std::string*>, 5> members = {{
      {"ConsumedCapacity", &parts.consumed_capacity},
      {"Count", &parts.count},
      {"Items", &parts.items},
      {"LastEvaluatedKey", &parts.last_evaluated_key},
      {"ScannedCount", &parts.scanned_count},
  }};
  std::string body;
  body.reserve(parts.items.size() + parts.last_evaluated_key.size() + 256);
  for (const int member : kOrders.at(static_cast<size_t>(order))) {
    const auto& [name, text] = members.at(static_cast<size_t>(member));
    if (text->empty()) continue;
    body += body.empty() ? '{' : ',';
    body += fmt::format("\"{}\":", name);
    body += *text;
  }
  return body + '}';
}

RenderedPage::RenderedPage(std::string text) : body(std::move(text)), crc32(Crc32(body)) {}

const RenderedPage& RenderedPage::Compressed() const {
  std::call_once(compress_once_,
                 [this] { compressed_ = std::make_unique<RenderedPage>(Gzip(body)); });
  return *compressed_;
}

Result<std::unique_ptr<Table>> Table::Make(TableDefinition definition) {
  auto texts = std::move(definition.items);
  definition.items.clear();
  std::unique_ptr<Table> table(new Table(std::move(definition)));
  for (auto& text : texts) {
    SUMAC_ASSIGN_OR_RETURN(auto item, ReadItem(std::move(text), table->definition_.keys));
    table->size_bytes_ += item.size_bytes;
    table->items_.push_back(std::move(item));
  }
  const auto before = [](const StoredItem& a, const StoredItem& b) {
    return a.position < b.position;
  };
  auto& items = table->items_;
  std::sort(items.begin(), items.end(), before);
  const auto twin = std::adjacent_find(
      items.begin(), items.end(),
      [&before](const StoredItem& a, const StoredItem& b) { return !before(a, b); });
  if (twin != items.end()) {
    return Fail(ErrorCode::kInvalidArgument, "two items have the key " + twin->key_text);
  }
  return table;
}

Answer<std::shared_ptr<const RenderedPage>> Table::Scan(const ScanParameters& parameters) {
  const auto start = StartIndex(parameters);
  if (!start) return Refuse(start.error());
  const auto name = PageName(parameters, *start);
  {
    std::lock_guard lock(mutex_);
    const auto found = pages_.find(name);
    if (found != pages_.end()) return found->second;
  }
  auto page = std::make_shared<const RenderedPage>(RenderPage(ReadPage(parameters, *start), 0));
  std::lock_guard lock(mutex_);
  if (pages_bytes_ + page->body.size() <= definition_.page_cache_bytes_max &&
      pages_.emplace(name, page).second) {
    pages_bytes_ += page->body.size();
  }
  return page;
}

Answer<PageParts> Table::ScanParts(const ScanParameters& parameters) const {
  const auto start = StartIndex(parameters);
  if (!start) return Refuse(start.error());
  return ReadPage(parameters, *start);
}

Answer<PageParts> Table::EmptyPage(const ScanParameters& parameters) {
  const auto start = StartIndex(parameters);
  if (!start) return Refuse(start.error());
  std::lock_guard lock(mutex_);
  const auto number = empty_page_starts_.size();
  std::string key = "{";
  for (const auto& attribute : definition_.keys) {
    // A value of the right type that no item has.
    const auto value = attribute.type == 'S'   ? fmt::format("~ empty page {}", number)
                       : attribute.type == 'N' ? fmt::format("-7{:030}", number)
                                               : fmt::format("{:08}", number);
    key += fmt::format("{}{}:{{\"{}\":{}}}", key.size() > 1 ? "," : "", Quote(attribute.name),
                       attribute.type, Quote(value));
  }
  key += '}';
  empty_page_starts_[key] = *start;
  return PageParts{ConsumedCapacity(parameters, definition_.page_bytes_max), "0",
                   parameters.count_only ? "" : "[]", key, "0"};
}

Answer<size_t> Table::StartIndex(const ScanParameters& parameters) const {
  const auto total = parameters.total_segments;
  if (parameters.exclusive_start_key.empty()) {
    const auto first =
        std::partition_point(items_.begin(), items_.end(), [&](const StoredItem& item) {
          return SegmentOf(item.position.partition_hash, total) < parameters.segment;
        });
    return static_cast<size_t>(first - items_.begin());
  }
  {
    std::lock_guard lock(mutex_);
    const auto found = empty_page_starts_.find(parameters.exclusive_start_key);
    if (found != empty_page_starts_.end()) return found->second;
  }
  const auto key = ReadKey(parameters.exclusive_start_key, definition_.keys);
  if (!key) return Refuse(InvalidStart("The provided key element does not match the schema"));
  if (SegmentOf(key->partition_hash, total) != parameters.segment) {
    return Refuse(InvalidStart(
        fmt::format("Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
                    "TotalSegments: {} Segment: {}",
                    total, parameters.segment)));
  }
  const auto next = std::upper_bound(
      items_.begin(), items_.end(), *key,
      [](const KeyPosition& position, const StoredItem& item) { return position < item.position; });
  return static_cast<size_t>(next - items_.begin());
}

PageParts Table::ReadPage(const ScanParameters& parameters, size_t start) const {
  const auto in_segment = [&](size_t index) {
    return index < items_.size() && SegmentOf(items_[index].position.partition_hash,
                                              parameters.total_segments) == parameters.segment;
  };
  const size_t limit = parameters.limit.value_or(UINT32_MAX);
  PageParts parts;
  std::string texts = "[";
  uint64_t bytes = 0;
  size_t index = start;
  while (in_segment(index) && index - start < std::min(limit, definition_.page_items_max) &&
         bytes < definition_.page_bytes_max) {
    const auto& item = items_[index];
    bytes += item.size_bytes;
    ++index;
    if (parameters.count_only) continue;
    if (texts.size() > 1) texts += ',';
    texts +=
        parameters.projection.empty() ? item.text : ProjectItem(item.text, parameters.projection);
  }
  const size_t count = index - start;
  // Reaching Limit ends a page without looking whether there is more, as the service does.
  if (count > 0 && (count == limit || in_segment(index))) {
    parts.last_evaluated_key = items_[index - 1].key_text;
  }
  parts.count = parts.scanned_count = std::to_string(count);
  if (!parameters.count_only) parts.items = std::move(texts) + "]";
  parts.consumed_capacity = ConsumedCapacity(parameters, bytes);
  return parts;
}

std::string Table::Arn() const {
  return fmt::format("arn:aws:dynamodb:us-west-2:123456789012:table/{}", definition_.name);
}

std::string Table::Describe() const {
  std::string definitions;
  std::string schema;
  for (size_t i = 0; i < definition_.keys.size(); ++i) {
    const auto& key = definition_.keys[i];
    const auto* comma = i > 0 ? "," : "";
    definitions += fmt::format(R"({}{{"AttributeName":{},"AttributeType":"{}"}})", comma,
                               Quote(key.name), key.type);
    schema += fmt::format(R"({}{{"AttributeName":{},"KeyType":"{}"}})", comma, Quote(key.name),
                          i == 0 ? "HASH" : "RANGE");
  }
  return fmt::format(
      R"({{"Table":{{"AttributeDefinitions":[{}],"TableName":{},"KeySchema":[{}],)"
      R"("TableStatus":"{}","CreationDateTime":1.7E9,"ProvisionedThroughput":)"
      R"({{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0}},)"
      R"("TableSizeBytes":{},"ItemCount":{},"TableArn":{},)"
      R"("BillingModeSummary":{{"BillingMode":"PAY_PER_REQUEST"}}}}}})",
      definitions, Quote(definition_.name), schema, definition_.status, size_bytes_, items_.size(),
      Quote(Arn()));
}

}  // namespace sumac::fake_dynamodb
