#include "fake_dynamodb/sorted_items.h"

#include <algorithm>

namespace sumac::fake_dynamodb {

Result<SortedItems> SortedItems::Make(KeySchema schema, std::vector<StoredItem> items) {
  const auto before = [](const StoredItem& a, const StoredItem& b) {
    return a.position < b.position;
  };
  std::sort(items.begin(), items.end(), before);
  const auto twin = std::adjacent_find(
      items.begin(), items.end(),
      [&before](const StoredItem& a, const StoredItem& b) { return !before(a, b); });
  if (twin != items.end()) {
    return Fail(ErrorCode::kInvalidArgument, "two items have the key " + twin->key_text);
  }
  SortedItems sorted;
  sorted.schema_ = std::move(schema);
  for (const auto& item : items) sorted.size_bytes_ += item.size_bytes;
  sorted.items_ = std::move(items);
  return sorted;
}

size_t SortedItems::AtOrAfter(const KeyPosition& position) const {
  const auto found = std::partition_point(
      items_.begin(), items_.end(),
      [&position](const StoredItem& item) { return item.position < position; });
  return static_cast<size_t>(found - items_.begin());
}

size_t SortedItems::After(const KeyPosition& position) const {
  const auto found = std::partition_point(
      items_.begin(), items_.end(),
      [&position](const StoredItem& item) { return !(position < item.position); });
  return static_cast<size_t>(found - items_.begin());
}

const StoredItem* SortedItems::Find(const KeyPosition& position) const {
  const size_t index = AtOrAfter(position);
  return index < After(position) ? &items_[index] : nullptr;
}

ItemRange SortedItems::Segment(uint32_t segment, uint32_t total_segments) const {
  const auto first_from = [&](uint64_t number) {
    const auto found =
        std::partition_point(items_.begin(), items_.end(), [&](const StoredItem& item) {
          return SegmentOf(item.position.partition_hash, total_segments) < number;
        });
    return static_cast<size_t>(found - items_.begin());
  };
  return {first_from(segment), first_from(segment + uint64_t{1})};
}

ItemRange SortedItems::Meeting(const KeyRange& keys) const {
  // A position without sort values is equal to all of its partition.
  ItemRange range{AtOrAfter(keys.partition), After(keys.partition)};
  // What key conditions can say of the sort key holds for neighbours.
  while (range.begin < range.end && !keys.Contains(items_[range.begin].position)) ++range.begin;
  while (range.begin < range.end && !keys.Contains(items_[range.end - 1].position)) --range.end;
  return range;
}

PageOfItems SortedItems::Read(const PageParameters& parameters, ItemRange range, bool forward,
                              const PageBounds& bounds) const {
  const size_t limit = parameters.limit.value_or(UINT32_MAX);
  const size_t available = range.end - range.begin;
  const size_t read_max = std::min({limit, bounds.items_max, available});
  const auto item_at = [&](size_t number) -> const StoredItem& {
    return items_[forward ? range.begin + number : range.end - 1 - number];
  };
  PageOfItems page;
  std::string texts = "[";
  size_t count = 0;
  size_t matched = 0;
  while (count < read_max && page.bytes < bounds.bytes_max) {
    const auto& evaluated = item_at(count);
    const auto& item = bounds.fetch_whole ? *evaluated.whole : evaluated;
    page.bytes += evaluated.size_bytes;
    if (bounds.fetch_whole) page.fetched_bytes += WholeReadUnits(item.size_bytes);
    ++count;
    if (parameters.filter && !item.Meets(*parameters.filter)) continue;
    ++matched;
    if (parameters.count_only) continue;
    if (texts.size() > 1) texts += ',';
    texts +=
        parameters.projection.empty() ? item.text : ProjectItem(item.text, parameters.projection);
  }
  // Reaching Limit ends a page without looking whether there is more, as the service does.
  if (count > 0 && (count == limit || count < available)) {
    page.parts.last_evaluated_key = item_at(count - 1).key_text;
  }
  page.parts.count = std::to_string(matched);
  page.parts.scanned_count = std::to_string(count);
  if (!parameters.count_only) page.parts.items = std::move(texts) + "]";
  return page;
}

}  // namespace sumac::fake_dynamodb
