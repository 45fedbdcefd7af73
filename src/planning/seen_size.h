// What scans have seen of a table's size, which its description says hours late, or not at all.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "dynamodb/table_description.h"

namespace sumac::planning {

// What a scan has read, whatever a filter left of it.
struct SeenItems {
  uint64_t items = 0;
  uint64_t pages = 0;
  double read_units = 0;
  bool consistent_read = false;
  // Nothing of the table was left.
  bool whole_table = false;
};

// Of one table. Thread-safe.
class SeenSize {
 public:
  void Add(const SeenItems& seen);

  // The last scan that saw all, or one since that has seen more; else the one that has seen the
  // most. Nothing when none has seen anything.
  std::optional<SeenItems> Best() const;

 private:
  mutable std::mutex mutex_;
  std::optional<SeenItems> best_;  // guarded
};

// How large a table is taken to be.
struct TableSize {
  // Of all items; nothing when unknown, which is neither large nor small.
  std::optional<double> bytes;
  // It has at least so many.
  double bytes_at_least = 0;
  // 0 when unknown.
  double items = 0;
  // On average; nothing when unknown.
  std::optional<double> bytes_per_item;
};

// Pure.
TableSize TableSizeOf(const dynamodb::TableDescription& table,
                      const std::optional<SeenItems>& seen);

}  // namespace sumac::planning
