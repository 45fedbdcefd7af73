// The slow twin of items/PageDecoder: the same contract (items/item_schema.h, docs/types.md) over
// simdjson's DOM and one duckdb::Value per cell, as plain as it can be said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <duckdb.hpp>

#include "items/item_schema.h"

namespace sumac::slow_decoder {

enum class Verdict {
  kDecoded,
  // No page, or an item in it is none: whoever reads all columns and `_overflow` has to fail.
  kBroken,
  // Something that the service does not send and on which nothing is promised: no JSON beyond what
  // is read, a name twice in an object, a second entry beside the tag, too deep a nesting.
  kUnclear,
};

struct SlowItem {
  // One for each column of the schema. JSON, at any depth, stands as its content (slow_value.h).
  std::vector<duckdb::Value> cells;
  // The content of `_overflow`; absent when it is NULL.
  std::optional<std::string> overflow;
  // The item itself, as simdjson writes it.
  std::string text;
};

struct SlowPage {
  Verdict verdict = Verdict::kDecoded;
  // Only with kDecoded.
  std::vector<SlowItem> items;
  // Items whose value did not fit, by column.
  std::vector<uint64_t> misfits;
};

SlowPage DecodeSlowly(std::string_view page, const items::ItemSchema& schema);

// The text of `_item` as simdjson writes it, for comparison with SlowItem::text.
std::optional<std::string> NormalItem(std::string_view text);

}  // namespace sumac::slow_decoder
