#include "fake_dynamodb/replayed_table.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "fake_dynamodb/prepared_page.h"

namespace sumac::fake_dynamodb {
namespace {

// Places in a page, in the numbers that stand for keys. More than a page can have items.
constexpr uint64_t kPlacesPerPage = 10'000'000;
constexpr std::string_view kItemsBegin = R"("Items":[)";

}  // namespace

ReplayedTable::~ReplayedTable() = default;

Result<std::unique_ptr<ReplayedTable>> ReplayedTable::Make(TableDefinition definition) {
  const auto texts = std::move(definition.items);
  definition.items.clear();
  if (!definition.indexes.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "a replayed table has no indexes");
  }
  if (texts.empty() || definition.keys.size() != 1 || definition.keys.front().type == 'B') {
    return Fail(ErrorCode::kInvalidArgument,
                "a replayed table needs items and one key attribute, of type S or N");
  }
  std::unique_ptr<ReplayedTable> table(new ReplayedTable(std::move(definition)));
  const auto& limits = table->definition_;
  auto page = std::make_shared<PreparedPage>();
  for (const auto& text : texts) {
    SUMAC_ASSIGN_OR_RETURN(const auto item, ReadItem(text, TableKeySchema(limits.keys)));
    page->Add(text, item.size_bytes);
    const auto count = page->ItemCount();
    if (count < limits.page_items_max && page->SizeBytes(0, count) < limits.page_bytes_max)
      continue;
    table->pages_.push_back(std::move(page));
    page = std::make_shared<PreparedPage>();
  }
  if (page->ItemCount() > 0) table->pages_.push_back(std::move(page));
  return table;
}

uint64_t ReplayedTable::FirstPage(const ScanParameters& parameters, uint64_t segment) const {
  const uint64_t total = parameters.total_segments;
  return (definition_.replayed_pages * segment + total - 1) / total;
}

std::string ReplayedTable::KeyOf(Position position) const {
  const auto& key = definition_.keys.front();
  const uint64_t number = position.page * kPlacesPerPage + position.item;
  return fmt::format(R"({{{}:{{"{}":"{}"}}}})", QuoteJson(key.name), key.type, number);
}

Answer<ReplayedTable::Position> ReplayedTable::Start(const ScanParameters& parameters) const {
  const uint64_t first = FirstPage(parameters, parameters.segment);
  if (parameters.exclusive_start_key.empty()) return Position{first, 0};
  const auto key = ReadKey(parameters.exclusive_start_key, TableKeySchema(definition_.keys));
  uint64_t number = 0;
  if (key) {
    const auto& text = key->partition_value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) number = UINT64_MAX;
  }
  if (!key || number == UINT64_MAX) {
    return Refuse(InvalidStartKey("The provided key element does not match the schema"));
  }
  const Position position{number / kPlacesPerPage, number % kPlacesPerPage};
  const uint64_t end = FirstPage(parameters, parameters.segment + uint64_t{1});
  if (position.page < first || position.page > end) {
    return Refuse(StartKeyOfOtherSegment(parameters));
  }
  return position;
}

std::shared_ptr<const PreparedPage> ReplayedTable::Projected(
    size_t index, const std::vector<AttributePath>& paths) const {
  if (paths.empty()) return pages_[index];
  {
    std::lock_guard lock(mutex_);
    auto& pages = projected_pages_[paths];
    pages.resize(pages_.size());
    if (pages[index]) return pages[index];
  }
  const std::shared_ptr<const PreparedPage> projected = pages_[index]->Project(paths);
  std::lock_guard lock(mutex_);
  auto& kept = projected_pages_[paths][index];
  if (!kept) kept = projected;
  return kept;
}

Answer<ReplayedTable::Read> ReplayedTable::ReadAt(const ScanParameters& parameters) const {
  if (!parameters.index_name.empty()) {
    return Refuse(ValidationError(
        fmt::format("The table does not have the specified index: {}", parameters.index_name)));
  }
  const auto start = Start(parameters);
  if (!start) return Refuse(start.error());
  Read read;
  const uint64_t segment_end = FirstPage(parameters, parameters.segment + uint64_t{1});
  const uint64_t limit = parameters.limit.value_or(UINT32_MAX);
  if (start->page < segment_end) {
    read.whole_page = pages_[start->page % pages_.size()];
    read.page = Projected(start->page % pages_.size(), parameters.projection);
    const size_t count = read.page->ItemCount();
    read.begin = std::min<size_t>(start->item, count);
    read.end = read.begin + std::min<size_t>(limit, count - read.begin);
    read.bytes = read.page->SizeBytes(read.begin, read.end);
    const auto next =
        read.end == count ? Position{start->page + 1, 0} : Position{start->page, read.end};
    // As the service does: reaching Limit ends a page without looking whether there is more.
    if (next.page < segment_end || read.end - read.begin == limit) {
      read.parts.last_evaluated_key = KeyOf(next);
    }
  }
  read.hash_position =
      static_cast<double>(start->page) / static_cast<double>(definition_.replayed_pages);
  read.parts.count = read.parts.scanned_count = std::to_string(read.end - read.begin);
  read.parts.consumed_capacity = ConsumedCapacity(parameters, read.bytes);
  return read;
}

PageParts ReplayedTable::Filter(const ScanParameters& parameters, const Read& read) {
  PageParts parts = read.parts;
  size_t matched = 0;
  std::string items;
  for (size_t i = read.begin; i < read.end; ++i) {
    const auto item = read.whole_page->Item(i);
    if (!TextMeets(item, *parameters.filter)) continue;
    ++matched;
    if (!items.empty()) items += ',';
    items += read.page->Item(i);
  }
  parts.count = std::to_string(matched);
  if (!parameters.count_only) parts.items = fmt::format("[{}]", items);
  return parts;
}

Answer<std::shared_ptr<const RenderedPage>> ReplayedTable::Scan(const ScanParameters& parameters) {
  auto read = ReadAt(parameters);
  if (!read) return Refuse(read.error());
  if (parameters.filter) {
    auto filtered = std::make_shared<RenderedPage>(RenderPage(Filter(parameters, *read), 0));
    filtered->read_bytes = read->bytes;
    filtered->hash_position = read->hash_position;
    return filtered;
  }
  if (!parameters.count_only) read->parts.items = "[]";
  auto head = RenderPage(read->parts, 0);
  std::shared_ptr<RenderedPage> page;
  if (parameters.count_only || !read->page) {
    page = std::make_shared<RenderedPage>(std::move(head));
  } else {
    const auto split = head.find(kItemsBegin) + kItemsBegin.size();
    auto tail = head.substr(split);
    head.resize(split);
    page = std::make_shared<RenderedPage>(
        std::move(head), read->page->Shared(read->begin, read->end), std::move(tail));
  }
  page->read_bytes = read->bytes;
  page->hash_position = read->hash_position;
  return page;
}

Answer<PageParts> ReplayedTable::ScanParts(const ScanParameters& parameters) const {
  auto read = ReadAt(parameters);
  if (!read) return Refuse(read.error());
  if (parameters.filter) return Filter(parameters, *read);
  if (parameters.count_only) return std::move(read->parts);
  const auto items = read->page ? read->page->Text(read->begin, read->end) : std::string_view();
  read->parts.items = fmt::format("[{}]", items);
  return std::move(read->parts);
}

Answer<PageParts> ReplayedTable::EmptyPage(const ScanParameters& parameters) {
  const auto start = Start(parameters);
  if (!start) return Refuse(start.error());
  return PageParts{ConsumedCapacity(parameters, definition_.page_bytes_max), "0",
                   parameters.count_only ? "" : "[]", KeyOf(*start), "0"};
}

std::string ReplayedTable::Describe() const {
  uint64_t size_bytes = 0;
  uint64_t item_count = 0;
  for (size_t i = 0; i < pages_.size(); ++i) {
    // How often the page comes in the table.
    const uint64_t times = (definition_.replayed_pages + pages_.size() - 1 - i) / pages_.size();
    size_bytes += times * pages_[i]->SizeBytes(0, pages_[i]->ItemCount());
    item_count += times * pages_[i]->ItemCount();
  }
  return RenderDescription(definition_, size_bytes, item_count);
}

}  // namespace sumac::fake_dynamodb
