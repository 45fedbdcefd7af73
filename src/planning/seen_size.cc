#include "planning/seen_size.h"

#include <algorithm>

#include "planning/read_units.h"

namespace sumac::planning {
namespace {

// An average is known when rounding makes no more than this part of what it is made from.
constexpr double kRoundingMax = 0.25;

double BytesOf(const SeenItems& seen) {
  return seen.read_units * BytesPerReadUnit(seen.consistent_read);
}

// What each page was rounded up by is not known: it may have been nearly all of a small one.
std::optional<double> BytesPerItem(const SeenItems& seen) {
  const double bytes = BytesOf(seen);
  const double rounding = static_cast<double>(seen.pages) * kRoundingBytes;
  if (seen.items == 0 || rounding > kRoundingMax * bytes) return std::nullopt;
  return (bytes - rounding / 2) / static_cast<double>(seen.items);
}

}  // namespace

void SeenSize::Add(const SeenItems& seen) {
  // Servers that do not say what a page cost teach nothing.
  if (seen.pages == 0 || seen.read_units <= 0) return;
  std::lock_guard lock(mutex_);
  if (!best_ || seen.whole_table || BytesOf(seen) > BytesOf(*best_)) best_ = seen;
}

std::optional<SeenItems> SeenSize::Best() const {
  std::lock_guard lock(mutex_);
  return best_;
}

TableSize TableSizeOf(const dynamodb::TableDescription& table,
                      const std::optional<SeenItems>& seen) {
  TableSize size;
  size.items = static_cast<double>(table.item_count);
  if (table.size_bytes > 0) size.bytes = static_cast<double>(table.size_bytes);
  if (table.size_bytes > 0 && table.item_count > 0) {
    size.bytes_per_item = *size.bytes / size.items;
  }
  if (!seen) return size;
  size.bytes_at_least = BytesOf(*seen);
  if (seen->whole_table) {
    size.bytes = size.bytes_at_least;
    size.items = static_cast<double>(seen->items);
  } else {
    if (size.bytes) size.bytes = std::max(*size.bytes, size.bytes_at_least);
    if (size.items > 0) size.items = std::max(size.items, static_cast<double>(seen->items));
  }
  if (const auto average = BytesPerItem(*seen)) size.bytes_per_item = average;
  return size;
}

}  // namespace sumac::planning
