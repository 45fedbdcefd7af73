// The kinds of entities that share one table (a single-table design): found from an attribute that
// names the kind and from the prefixes of keys. Pure; the order of the items has no effect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dynamodb/table_description.h"
#include "items/item_outlines.h"

namespace sumac::items {

// What a key of a kind's items is like, as far as it tells them from those of other kinds.
struct KeyPattern {
  enum class Form {
    kAny,     // it does not tell
    kPrefix,  // begins with `text`: "ORDER#"
    kEquals,  // is `text`: "PROFILE"
    kOther,   // is like none of `others`
  };
  Form form = Form::kAny;
  std::string text;
  std::vector<KeyPattern> others;  // of kPrefix and kEquals only
  friend bool operator==(const KeyPattern&, const KeyPattern&) = default;
};

struct KindAttribute {
  std::string name;
  uint64_t items = 0;  // of the kind, that have it
  friend bool operator==(const KindAttribute&, const KindAttribute&) = default;
};

// An item is of the kind when the type attribute and every key are as said here; no item is of two.
struct EntityKind {
  // Lower-case words joined by '_', unique among the kinds: "user", "order_item".
  std::string name;
  // What the type attribute says; nothing when there is none, or when these items lack it.
  std::optional<std::string> type_value;
  // One per key attribute.
  std::vector<KeyPattern> keys;
  uint64_t items = 0;
  // Keys first, then by name in byte order.
  std::vector<KindAttribute> attributes;
  // The keys of one of its items, the first in byte order.
  std::vector<std::string> example_keys;
  friend bool operator==(const EntityKind&, const EntityKind&) = default;
};

struct EntityKinds {
  // The attribute that names the kind; empty when there is none.
  std::string type_attribute;
  // Most items first, then by type and keys. One without any condition when the table has no kinds.
  std::vector<EntityKind> kinds;
  // What is beyond kEntityKindsMax kinds.
  uint64_t other_kinds = 0;
  uint64_t other_items = 0;
  uint64_t items = 0;  // in all
  friend bool operator==(const EntityKinds&, const EntityKinds&) = default;
};

inline constexpr size_t kEntityKindsMax = 50;

// `keys` are the table's. docs/single_table.md has the rules.
EntityKinds FindEntityKinds(const std::vector<ItemOutline>& items,
                            const std::vector<dynamodb::KeyAttribute>& keys);

}  // namespace sumac::items
