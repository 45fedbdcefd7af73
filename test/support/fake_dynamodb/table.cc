#include "fake_dynamodb/table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace sumac::fake_dynamodb {
namespace {

// Two scans with the same name here get the same page.
std::string PageName(const ScanParameters& parameters, size_t start) {
  std::string paths;
  for (const auto& path : parameters.projection) {
    paths += fmt::format("{}\x1e", fmt::join(path, "\x1f"));
  }
  return fmt::format("{}/{}/{}/{}/{}/{}/{}/{}", start, parameters.segment,
                     parameters.total_segments, parameters.limit.value_or(0), parameters.count_only,
                     parameters.consistent_read, static_cast<int>(parameters.capacity), paths);
}

}  // namespace

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
  if (!parameters.filter) {
    std::lock_guard lock(mutex_);
    const auto found = pages_.find(name);
    if (found != pages_.end()) return found->second;
  }
  uint64_t bytes = 0;
  const auto page =
      std::make_shared<RenderedPage>(RenderPage(ReadPage(parameters, *start, bytes), 0));
  page->read_bytes = bytes;
  if (*start < items_.size()) {
    page->hash_position = std::ldexp(items_[*start].position.partition_hash, -64);
  }
  // A filter is seldom asked for twice.
  if (parameters.filter) return page;
  std::lock_guard lock(mutex_);
  if (pages_bytes_ + page->size() <= definition_.page_cache_bytes_max &&
      pages_.emplace(name, page).second) {
    pages_bytes_ += page->size();
  }
  return page;
}

Answer<PageParts> Table::ScanParts(const ScanParameters& parameters) const {
  const auto start = StartIndex(parameters);
  if (!start) return Refuse(start.error());
  uint64_t bytes = 0;
  return ReadPage(parameters, *start, bytes);
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
    key += fmt::format("{}{}:{{\"{}\":{}}}", key.size() > 1 ? "," : "", QuoteJson(attribute.name),
                       attribute.type, QuoteJson(value));
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
  if (!key) return Refuse(InvalidStartKey("The provided key element does not match the schema"));
  if (SegmentOf(key->partition_hash, total) != parameters.segment) {
    return Refuse(StartKeyOfOtherSegment(parameters));
  }
  const auto next = std::upper_bound(
      items_.begin(), items_.end(), *key,
      [](const KeyPosition& position, const StoredItem& item) { return position < item.position; });
  return static_cast<size_t>(next - items_.begin());
}

PageParts Table::ReadPage(const ScanParameters& parameters, size_t start, uint64_t& bytes) const {
  const auto in_segment = [&](size_t index) {
    return index < items_.size() && SegmentOf(items_[index].position.partition_hash,
                                              parameters.total_segments) == parameters.segment;
  };
  const size_t limit = parameters.limit.value_or(UINT32_MAX);
  PageParts parts;
  std::string texts = "[";
  size_t index = start;
  size_t matched = 0;
  while (in_segment(index) && index - start < std::min(limit, definition_.page_items_max) &&
         bytes < definition_.page_bytes_max) {
    const auto& item = items_[index];
    bytes += item.size_bytes;
    ++index;
    if (parameters.filter && !item.Meets(*parameters.filter)) continue;
    ++matched;
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
  parts.count = std::to_string(matched);
  parts.scanned_count = std::to_string(count);
  if (!parameters.count_only) parts.items = std::move(texts) + "]";
  parts.consumed_capacity = ConsumedCapacity(parameters, bytes);
  return parts;
}

std::string Table::Describe() const {
  return RenderDescription(definition_, size_bytes_, items_.size());
}

}  // namespace sumac::fake_dynamodb
