// Finds which of the wanted attributes the next key of an item is. Items of one table mostly list
// their attributes in one order, so the attribute that came after the last one before is tried
// first, on the raw bytes: key and opening brace in one comparison. Internal to items/.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "items/attribute_value.h"

namespace sumac::items {

// Not thread-safe.
class FieldFinder {
 public:
  static constexpr int kNotWanted = -1;
  static constexpr int kCorrupt = -2;

  // The index of a name is its place in `names`.
  explicit FieldFinder(const std::vector<std::string>& names);

  // Call before the first field of each object.
  void StartObject() { previous_ = 0; }

  // Reads `"name":{"S":`, whose key comes next, and opens the value; kCorrupt when something else
  // comes.
  int Find(JsonCursor& json, AttributeValue& value) {
    for (size_t guess = entries_[previous_].next, tries = 0; guess != 0 && tries < kTriesMax;
         guess = entries_[guess].next, ++tries) {
      const Entry& entry = entries_[guess];
      if (!IsNext(json, entry)) continue;
      json.Pass(entry.key.size());
      previous_ = guess;
      if (entry.index == kNotWanted) last_name_ = entry.name;
      return AttributeValue::OpenAtTag(json, value) ? entry.index : kCorrupt;
    }
    return FindByName(json, value);
  }

  // The name of the last field, after Find returned kNotWanted; valid until the next call.
  std::string_view last_name() const { return last_name_; }

 private:
  // Names without an index, learned from items.
  static constexpr size_t kLearnedMax = 1'000;
  static constexpr size_t kLearnedBytesMax = 256;
  // A missing attribute or two do not lose the track.
  static constexpr size_t kTriesMax = 3;

  struct Entry {
    std::string key;  // `"name":{"`; empty when JSON does not spell the name as it is
    // The first sixteen bytes of the key, and which bits of them count.
    std::array<uint64_t, 2> start{};
    std::array<uint64_t, 2> mask{};
    std::string name;
    int index = kNotWanted;
    size_t next = 0;  // in entries_; 0 when none has come after it yet
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  static Entry MakeEntry(std::string_view name, int index);
  // Whether the key of `entry` comes next.
  static bool IsNext(const JsonCursor& json, const Entry& entry) {
    const size_t size = entry.key.size();
    if (size == 0 || json.BytesLeft() < size) return false;
    // The text is padded.
    std::array<uint64_t, 2> words;
    std::memcpy(words.data(), json.position(), sizeof words);
    const uint64_t differ = ((words[0] ^ entry.start[0]) & entry.mask[0]) |
                            ((words[1] ^ entry.start[1]) & entry.mask[1]);
    return differ == 0 && (size <= sizeof words || RestIsNext(json, entry));
  }
  static bool RestIsNext(const JsonCursor& json, const Entry& entry);
  int FindByName(JsonCursor& json, AttributeValue& value);

  // The first stands for the beginning of an object.
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t, Hash, std::equal_to<>> places_;  // in entries_
  const size_t entries_max_;
  size_t previous_ = 0;
  std::string_view last_name_;
};

}  // namespace sumac::items
