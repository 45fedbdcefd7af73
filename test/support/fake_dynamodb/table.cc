#include "fake_dynamodb/table.h"

#include <algorithm>
#include <cmath>
#include <set>

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

double HashPosition(const KeyPosition& position) {
  return std::ldexp(position.partition_hash, -64);
}

ServiceError KeyOfOtherSchema() {
  return ValidationError("The provided key element does not match the schema");
}

std::optional<ServiceError> RefuseKeysInFilter(const QueryParameters& parameters,
                                               const KeySchema& schema) {
  if (!parameters.filter) return std::nullopt;
  std::set<std::string> names;
  AddAttributeNames(*parameters.filter, names);
  for (size_t i = 0; i < schema.partition_count + schema.sort_count; ++i) {
    const auto& name = schema.attributes[i].name;
    if (names.count(name) == 0) continue;
    return ValidationError(
        fmt::format("Filter Expression can only contain non-primary key attributes: Primary key "
                    "attribute: {}",
                    name));
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Table>> Table::Make(TableDefinition definition) {
  const auto texts = std::move(definition.items);
  definition.items.clear();
  const auto schema = TableKeySchema(definition.keys);
  std::vector<StoredItem> items;
  for (const auto& text : texts) {
    SUMAC_ASSIGN_OR_RETURN(items.emplace_back(), ReadItem(text, schema));
  }
  SUMAC_ASSIGN_OR_RETURN(auto sorted, SortedItems::Make(schema, std::move(items)));
  return std::unique_ptr<Table>(new Table(std::move(definition), std::move(sorted)));
}

Answer<std::shared_ptr<const RenderedPage>> Table::Scan(const ScanParameters& parameters) {
  const auto range = RangeOf(parameters);
  if (!range) return Refuse(range.error());
  const auto name = PageName(parameters, range->begin);
  if (!parameters.filter) {
    std::lock_guard lock(mutex_);
    const auto found = pages_.find(name);
    if (found != pages_.end()) return found->second;
  }
  const auto read = ReadPage(parameters, *range, true);
  const auto page = std::make_shared<RenderedPage>(RenderPage(read.parts, 0));
  page->read_bytes = read.bytes;
  if (range->begin < items_.items().size()) {
    page->hash_position = HashPosition(items_.items()[range->begin].position);
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
  const auto range = RangeOf(parameters);
  if (!range) return Refuse(range.error());
  return ReadPage(parameters, *range, true).parts;
}

Answer<QueriedPage> Table::Query(const QueryParameters& parameters) const {
  const auto range = RangeOf(parameters);
  if (!range) return Refuse(range.error());
  auto read = ReadPage(parameters, *range, parameters.forward);
  QueriedPage page{std::move(read.parts), read.bytes, 0};
  if (range->begin < range->end) {
    page.hash_position = HashPosition(items_.items()[range->begin].position);
  }
  return page;
}

Answer<FoundItem> Table::Find(std::string_view key) const {
  const auto position = ReadKey(key, items_.schema());
  if (!position) return Refuse(KeyOfOtherSchema());
  return FoundItem{items_.Find(*position), *position, HashPosition(*position)};
}

Answer<PageParts> Table::EmptyPage(const ScanParameters& parameters) {
  const auto range = RangeOf(parameters);
  if (!range) return Refuse(range.error());
  return EmptyPageBefore(parameters, range->begin);
}

Answer<PageParts> Table::EmptyPage(const QueryParameters& parameters) {
  const auto range = RangeOf(parameters);
  if (!range) return Refuse(range.error());
  return EmptyPageBefore(parameters, parameters.forward ? range->begin : range->end);
}

PageParts Table::EmptyPageBefore(const PageParameters& parameters, size_t next) {
  std::lock_guard lock(mutex_);
  const auto number = empty_page_starts_.size();
  std::string key = "{";
  for (const auto& attribute : items_.schema().attributes) {
    // A value of the right type that no item has.
    const auto value = attribute.type == 'S'   ? fmt::format("~ empty page {}", number)
                       : attribute.type == 'N' ? fmt::format("-7{:030}", number)
                                               : fmt::format("{:08}", number);
    key += fmt::format("{}{}:{{\"{}\":{}}}", key.size() > 1 ? "," : "", QuoteJson(attribute.name),
                       attribute.type, QuoteJson(value));
  }
  key += '}';
  empty_page_starts_[key] = next;
  return PageParts{ConsumedCapacity(parameters, definition_.page_bytes_max), "0",
                   parameters.count_only ? "" : "[]", key, "0"};
}

std::optional<size_t> Table::AfterEmptyPage(const std::string& key) const {
  std::lock_guard lock(mutex_);
  const auto found = empty_page_starts_.find(key);
  if (found == empty_page_starts_.end()) return std::nullopt;
  return found->second;
}

Answer<ItemRange> Table::RangeOf(const ScanParameters& parameters) const {
  auto range = items_.Segment(parameters.segment, parameters.total_segments);
  if (parameters.exclusive_start_key.empty()) return range;
  if (const auto next = AfterEmptyPage(parameters.exclusive_start_key)) {
    return ItemRange{*next, std::max(*next, range.end)};
  }
  const auto key = ReadKey(parameters.exclusive_start_key, items_.schema());
  if (!key) return Refuse(InvalidStartKey("The provided key element does not match the schema"));
  if (SegmentOf(key->partition_hash, parameters.total_segments) != parameters.segment) {
    return Refuse(StartKeyOfOtherSegment(parameters));
  }
  range.begin = items_.After(*key);
  return range;
}

Answer<ItemRange> Table::RangeOf(const QueryParameters& parameters) const {
  const auto keys = MakeKeyRange(parameters.key_tests, items_.schema());
  if (!keys) return Refuse(keys.error());
  if (auto refusal = RefuseKeysInFilter(parameters, items_.schema())) return Refuse(*refusal);
  auto range = items_.Meeting(*keys);
  if (parameters.exclusive_start_key.empty()) return range;
  auto next = AfterEmptyPage(parameters.exclusive_start_key);
  if (!next) {
    const auto key = ReadKey(parameters.exclusive_start_key, items_.schema());
    if (!key) return Refuse(InvalidStartKey("The provided key element does not match the schema"));
    if (key->partition_value != keys->partition.partition_value) {
      return Refuse(ValidationError(
          "The provided starting key is outside query boundaries based on provided conditions"));
    }
    if (!keys->Contains(*key)) {
      return Refuse(
          ValidationError("The provided starting key does not match the range key predicate"));
    }
    next = parameters.forward ? items_.After(*key) : items_.AtOrAfter(*key);
  }
  (parameters.forward ? range.begin : range.end) = *next;
  return range;
}

PageOfItems Table::ReadPage(const PageParameters& parameters, ItemRange range, bool forward) const {
  auto page = items_.Read(parameters, range, forward,
                          {definition_.page_items_max, definition_.page_bytes_max});
  page.parts.consumed_capacity = ConsumedCapacity(parameters, page.bytes);
  return page;
}

std::string Table::Describe() const {
  return RenderDescription(definition_, items_.size_bytes(), items_.items().size());
}

}  // namespace sumac::fake_dynamodb
