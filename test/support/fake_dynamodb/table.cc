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
  return fmt::format("{}/{}/{}/{}/{}/{}/{}/{}/{}/{}", parameters.index_name,
                     parameters.all_attributes, start, parameters.segment,
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
  std::unique_ptr<Table> table(new Table(std::move(definition), std::move(sorted)));
  for (const auto& index : table->definition_.indexes) {
    SUMAC_ASSIGN_OR_RETURN(table->indexes_.emplace_back(),
                           MakeIndex(index, table->definition_.keys, table->items_.items()));
  }
  return table;
}

double Table::Source::HashPosition() const {
  if (range.begin >= items->items().size()) return 0;
  return fake_dynamodb::HashPosition(items->items()[range.begin].position);
}

Answer<std::shared_ptr<const RenderedPage>> Table::Scan(const ScanParameters& parameters) {
  const auto source = Find(parameters);
  if (!source) return Refuse(source.error());
  const auto name = PageName(parameters, source->range.begin);
  if (!parameters.filter) {
    std::lock_guard lock(mutex_);
    const auto found = pages_.find(name);
    if (found != pages_.end()) return found->second;
  }
  const auto read = ReadPage(parameters, *source, true);
  const auto page = std::make_shared<RenderedPage>(RenderPage(read.parts, 0));
  page->read_bytes = read.read_bytes;
  page->hash_position = read.hash_position;
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
  const auto source = Find(parameters);
  if (!source) return Refuse(source.error());
  return ReadPage(parameters, *source, true).parts;
}

Answer<QueriedPage> Table::Query(const QueryParameters& parameters) const {
  const auto source = Find(parameters);
  if (!source) return Refuse(source.error());
  return ReadPage(parameters, *source, parameters.forward);
}

Answer<FoundItem> Table::Find(std::string_view key) const {
  const auto position = ReadKey(key, items_.schema());
  if (!position) return Refuse(KeyOfOtherSchema());
  return FoundItem{items_.Find(*position), *position, HashPosition(*position)};
}

Answer<PageParts> Table::EmptyPage(const ScanParameters& parameters) {
  const auto source = Find(parameters);
  if (!source) return Refuse(source.error());
  return EmptyPageBefore(parameters, *source, source->range.begin);
}

Answer<PageParts> Table::EmptyPage(const QueryParameters& parameters) {
  const auto source = Find(parameters);
  if (!source) return Refuse(source.error());
  return EmptyPageBefore(parameters, *source,
                         parameters.forward ? source->range.begin : source->range.end);
}

PageParts Table::EmptyPageBefore(const PageParameters& parameters, const Source& source,
                                 size_t next) {
  std::lock_guard lock(mutex_);
  const auto number = empty_page_starts_.size();
  std::string key = "{";
  for (const auto& attribute : source.items->schema().attributes) {
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

Answer<Table::Source> Table::Find(const PageParameters& parameters) const {
  Source source;
  source.items = &items_;
  if (parameters.index_name.empty()) return source;
  const auto found = std::find_if(indexes_.begin(), indexes_.end(), [&](const TableIndex& index) {
    return index.definition.name == parameters.index_name;
  });
  if (found == indexes_.end()) {
    return Refuse(ValidationError(
        fmt::format("The table does not have the specified index: {}", parameters.index_name)));
  }
  const auto fetches = FetchesFromTable(*found, parameters);
  if (!fetches) return Refuse(fetches.error());
  source.index = &*found;
  source.items = &found->items;
  source.fetch_whole = *fetches;
  return source;
}

Answer<Table::Source> Table::Find(const ScanParameters& parameters) const {
  auto source = Find(static_cast<const PageParameters&>(parameters));
  if (!source) return source;
  auto& range = source->range;
  range = source->items->Segment(parameters.segment, parameters.total_segments);
  if (parameters.exclusive_start_key.empty()) return source;
  if (const auto next = AfterEmptyPage(parameters.exclusive_start_key)) {
    range = {*next, std::max(*next, range.end)};
    return source;
  }
  const auto key = ReadKey(parameters.exclusive_start_key, source->items->schema());
  if (!key) return Refuse(InvalidStartKey("The provided key element does not match the schema"));
  if (SegmentOf(key->partition_hash, parameters.total_segments) != parameters.segment) {
    return Refuse(StartKeyOfOtherSegment(parameters));
  }
  range.begin = source->items->After(*key);
  return source;
}

Answer<Table::Source> Table::Find(const QueryParameters& parameters) const {
  auto source = Find(static_cast<const PageParameters&>(parameters));
  if (!source) return source;
  const auto& items = *source->items;
  const auto keys = MakeKeyRange(parameters.key_tests, items.schema());
  if (!keys) return Refuse(keys.error());
  if (auto refusal = RefuseKeysInFilter(parameters, items.schema())) return Refuse(*refusal);
  source->range = items.Meeting(*keys);
  if (parameters.exclusive_start_key.empty()) return source;
  auto next = AfterEmptyPage(parameters.exclusive_start_key);
  if (!next) {
    const auto key = ReadKey(parameters.exclusive_start_key, items.schema());
    if (!key) return Refuse(InvalidStartKey("The provided key element does not match the schema"));
    if (key->partition_value != keys->partition.partition_value) {
      return Refuse(ValidationError(
          "The provided starting key is outside query boundaries based on provided conditions"));
    }
    if (!keys->Contains(*key)) {
      return Refuse(
          ValidationError("The provided starting key does not match the range key predicate"));
    }
    next = parameters.forward ? items.After(*key) : items.AtOrAfter(*key);
  }
  (parameters.forward ? source->range.begin : source->range.end) = *next;
  return source;
}

QueriedPage Table::ReadPage(const PageParameters& parameters, const Source& source,
                            bool forward) const {
  auto read = source.items->Read(
      parameters, source.range, forward,
      {definition_.page_items_max, definition_.page_bytes_max, source.fetch_whole});
  QueriedPage page{std::move(read.parts), read.bytes, source.HashPosition()};
  if (source.index == nullptr) {
    page.parts.consumed_capacity = ConsumedCapacity(parameters, read.bytes);
    return page;
  }
  const double index_units = ReadUnits(read.bytes, parameters.consistent_read);
  const double table_units =
      read.fetched_bytes == 0 ? 0 : ReadUnits(read.fetched_bytes, parameters.consistent_read);
  page.parts.consumed_capacity =
      ConsumedByIndex(parameters, source.index->definition, index_units, table_units);
  // What was fetched is in whole blocks already.
  if (read.fetched_bytes > 0) page.read_bytes = WholeReadUnits(read.bytes) + read.fetched_bytes;
  return page;
}

std::string Table::Describe() const {
  return RenderDescription(definition_, items_.size_bytes(), items_.items().size(),
                           RenderIndexes(indexes_, TableArn(definition_)));
}

}  // namespace sumac::fake_dynamodb
