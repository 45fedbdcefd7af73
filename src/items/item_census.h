// What the items of a table hold: for each attribute, nested ones too, how many items have it, of
// which types it is, and a few of its values. For a person who meets a table, not for reading it:
// TypeSummary decides types.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "items/attribute_value.h"

namespace sumac::items {

inline constexpr size_t kAttributeTags = 10;

// DynamoDB's own name of a type: "S", "BOOL".
std::string_view AttributeTagName(AttributeTag tag);

// A value that an attribute has, to show: of a scalar type, one printable line that ends in "…"
// when the value is longer.
struct SampleValue {
  AttributeTag tag = AttributeTag::kString;
  std::string text;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes what this generates for a 0.
  friend auto operator<=>(const SampleValue&, const SampleValue&) = default;
};

// One attribute, the elements of a list or set taken together, or one field of a map.
class AttributeCensus {
 public:
  // Items that have it, once each however many values it has in them.
  uint64_t items() const { return items_; }
  // Values of this type; what stands under lists has several in one item.
  uint64_t Values(AttributeTag tag) const { return values_[static_cast<size_t>(tag)]; }
  // Types other than NULL.
  int TypeCount() const;
  // Distinct ones, at most CensusBounds::samples_max, in order of type and text. Which ones is
  // decided by a hash, so they are a fair choice and the same whatever the order of the items.
  std::vector<SampleValue> Samples() const;
  // Of a map, by exact name in byte order.
  const std::map<std::string, AttributeCensus, std::less<>>& fields() const { return fields_; }
  // Of a list or set; null when there was never one.
  const AttributeCensus* element() const { return element_.get(); }

  AttributeCensus() = default;
  AttributeCensus(const AttributeCensus&);
  AttributeCensus& operator=(const AttributeCensus&);
  AttributeCensus(AttributeCensus&&) = default;
  AttributeCensus& operator=(AttributeCensus&&) = default;
  // Compares what was counted.
  friend bool operator==(const AttributeCensus& a, const AttributeCensus& b);

 private:
  friend class ItemCensus;

  uint64_t items_ = 0;
  std::array<uint64_t, kAttributeTags> values_{};
  std::set<std::pair<uint64_t, SampleValue>> samples_;  // by hash
  std::map<std::string, AttributeCensus, std::less<>> fields_;
  std::unique_ptr<AttributeCensus> element_;
  uint64_t last_item_ = 0;  // the serial number of the last item that had it
};

struct CensusBounds {
  // Attributes counted, nested ones included. Of more, those nearest to the top stay, then the
  // first in byte order.
  size_t attributes_max = 2'000;
  // Levels of maps and lists below the item; what is deeper is not looked at.
  int depth_max = 8;
  // Bytes of a whole path; attributes with a longer one are not counted.
  size_t path_bytes_max = 1'000;
  size_t samples_max = 5;
  // Of a sample value that is shown.
  size_t sample_characters_max = 40;
};

// Not thread-safe: one per worker, then Merge. Both the order of the items and how they are spread
// over the workers are without effect on the result.
class ItemCensus {
 public:
  explicit ItemCensus(CensusBounds bounds = {}) : bounds_(bounds) {}
  // Places in it are by address.
  ItemCensus(ItemCensus&&) = default;
  ItemCensus& operator=(ItemCensus&&) = default;
  ItemCensus(const ItemCensus&) = delete;
  ItemCensus& operator=(const ItemCensus&) = delete;

  // Counts the items of a Scan response. `body` must be followed by net::kBodyPaddingBytes readable
  // bytes. Error kDataCorrupt when the body is no page; a part of it may have been counted then.
  Status AddPage(std::string_view body);

  // Adds what `other` counted of other items. REQUIRES: the same bounds.
  void Merge(const ItemCensus& other);

  uint64_t items() const { return items_; }
  // The attributes of items are the fields of this.
  const AttributeCensus& root() const { return *root_; }
  // True when attributes were left out: too many, too deep, too long a path.
  bool incomplete() const { return incomplete_; }

 private:
  // What attributes are compared by when there are too many: depth, then path.
  using PathRank = std::pair<int, std::string>;
  // Where a tracked attribute hangs. `name` is nothing for the elements of a list.
  struct Place {
    AttributeCensus* parent;
    std::optional<std::string> name;
  };

  bool CountField(std::string_view name, AttributeValue& value, AttributeCensus& parent, int depth);
  bool CountElements(AttributeValue& list, AttributeCensus& parent, int depth);
  bool CountValue(AttributeValue& value, AttributeCensus& attribute, int depth);
  void AddSample(AttributeTag tag, std::string_view text, AttributeCensus& attribute) const;
  void KeepFewSamples(AttributeCensus& attribute) const;
  // Calls use(child) on the child of `parent` at this depth, with path_ as its path; does nothing
  // when the child is not to be counted.
  template <typename Use>
  bool WithChild(AttributeCensus& parent, std::optional<std::string_view> name, int depth, Use use);
  AttributeCensus* FindOrTrack(AttributeCensus& parent, std::optional<std::string_view> name,
                               int depth);
  void MergeInto(const AttributeCensus& from, AttributeCensus& into, int depth);

  CensusBounds bounds_;
  std::unique_ptr<AttributeCensus> root_ = std::make_unique<AttributeCensus>();
  std::map<PathRank, Place> tracked_;
  // Of the attribute that is being counted. A step ends in a byte that is in no UTF-8 text.
  std::string path_;
  uint64_t items_ = 0;
  bool incomplete_ = false;
};

}  // namespace sumac::items
