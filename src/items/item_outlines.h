// What is needed of items to find the kinds of entities among them: their keys, and which
// attributes they have. The items of a large table are more than memory holds, so a bounded choice
// of them is kept.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "dynamodb/table_description.h"

namespace sumac::items {

struct OutlinedAttribute {
  enum class Value { kText, kLongText, kNull, kOther };
  std::string name;
  Value value = Value::kOther;
  std::string text;  // of kText: the whole string
  friend bool operator==(const OutlinedAttribute&, const OutlinedAttribute&) = default;
};

struct ItemOutline {
  // The text of each key attribute: S as it is, N digit for digit, B in base64. The service bounds
  // them to 2,048 and 1,024 bytes.
  std::vector<std::string> keys;
  // At top level, keys included, by name in byte order.
  std::vector<OutlinedAttribute> attributes;
  friend bool operator==(const ItemOutline&, const ItemOutline&) = default;
};

// Collects outlines. Not thread-safe: one per worker, then Merge. Which items are kept depends on a
// hash of their keys alone, so neither order nor workers have an effect.
class ItemOutlines {
 public:
  static constexpr size_t kOutlinesMax = 20'000;
  // Strings up to this long are kept whole; those that name a kind are short.
  static constexpr size_t kTextBytesMax = 64;
  // Of one item; of more, the first in byte order are kept. Longer names are left out.
  static constexpr size_t kAttributesMax = 200;
  static constexpr size_t kNameBytesMax = 255;

  explicit ItemOutlines(std::vector<dynamodb::KeyAttribute> keys,
                        size_t outlines_max = kOutlinesMax)
      : keys_(std::move(keys)), outlines_max_(outlines_max) {}

  // Adds the items of a Scan response. `body` must be followed by net::kBodyPaddingBytes readable
  // bytes. Error kDataCorrupt when the body is no page; a part of it may have been added then.
  Status AddPage(std::string_view body);

  // REQUIRES: the same table and bound.
  void Merge(const ItemOutlines& other);

  // Those kept, in an order that depends on the items alone.
  std::vector<ItemOutline> Outlines() const;
  // Of all that were added.
  uint64_t items() const { return items_; }
  bool complete() const { return items_ == kept_.size(); }

 private:
  using Rank = std::pair<uint64_t, std::vector<std::string>>;

  void Keep(Rank rank, ItemOutline outline);

  std::vector<dynamodb::KeyAttribute> keys_;
  size_t outlines_max_;
  std::map<Rank, ItemOutline> kept_;
  uint64_t items_ = 0;
};

}  // namespace sumac::items
