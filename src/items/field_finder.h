// Finds which of the wanted attributes the next key of an item is. Items of one table mostly list
// their attributes in one order and with one type, so what came after the last attribute before is
// tried first, on the raw bytes: key, opening brace and type in one comparison. Internal to items/.
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
    size_t guess = entries_[previous_].next;
    for (size_t tries = 0; guess != 0 && tries < kTriesMax; ++tries) {
      const Entry& entry = entries_[guess];
      if (IsNext(json, entry)) [[likely]]
        return Open(json, guess, value);
      for (size_t other = entry.of_other_type; other != guess;
           other = entries_[other].of_other_type) {
        if (IsNext(json, entries_[other])) return Open(json, other, value);
      }
      guess = entry.next;
    }
    return FindByName(json, value);
  }

  // The name of the last field, after Find returned kNotWanted; valid until the next call.
  std::string_view last_name() const { return last_name_; }

 private:
  // Of names without an index, learned from items.
  static constexpr size_t kLearnedMax = 1'000;
  static constexpr size_t kLearnedBytesMax = 256;
  // A missing attribute or two do not lose the track.
  static constexpr size_t kTriesMax = 3;

  // A name with a type.
  struct Entry {
    std::string key;  // `"name":{"S":`; empty when JSON does not spell the name as it is
    // The first bytes of the key, and which bits of them count.
    std::array<uint64_t, 3> start{};
    std::array<uint64_t, 3> mask{};
    size_t value_offset = 0;  // of the brace in the key
    AttributeTag tag = AttributeTag::kNull;
    std::string name;
    int index = kNotWanted;
    size_t next = 0;  // in entries_; 0 when none has come after it yet
    // A ring of the entries of one name.
    size_t of_other_type = 0;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  static Entry MakeEntry(std::string_view name, AttributeTag tag, int index);
  // Whether the key of `entry` comes next.
  static bool IsNext(const JsonCursor& json, const Entry& entry) {
    const size_t size = entry.key.size();
    if (size == 0 || json.BytesLeft() < size) return false;
    // The text is padded.
    std::array<uint64_t, 3> words;
    std::memcpy(words.data(), json.position(), sizeof words);
    const uint64_t differ = ((words[0] ^ entry.start[0]) & entry.mask[0]) |
                            ((words[1] ^ entry.start[1]) & entry.mask[1]) |
                            ((words[2] ^ entry.start[2]) & entry.mask[2]);
    return differ == 0 && (size <= sizeof words || RestIsNext(json, entry));
  }
  static bool RestIsNext(const JsonCursor& json, const Entry& entry);
  // REQUIRES: IsNext of the entry at `place`.
  int Open(JsonCursor& json, size_t place, AttributeValue& value) {
    const Entry& entry = entries_[place];
    const char* const start = json.position() + entry.value_offset;
    json.Pass(entry.key.size());
    value = AttributeValue(entry.tag, json, start);
    previous_ = place;
    if (entry.index == kNotWanted) last_name_ = entry.name;
    return entry.index;
  }
  int FindByName(JsonCursor& json, AttributeValue& value);
  // 0 when there is no room for one.
  size_t Learn(std::string_view name, AttributeTag tag, int index);

  // The first stands for the beginning of an object.
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t> places_;  // in entries_, by name and type
  std::unordered_map<std::string, int, Hash, std::equal_to<>> indexes_;
  std::unordered_map<std::string, size_t, Hash, std::equal_to<>> first_places_;  // by name
  std::string name_and_type_;  // kept for its capacity
  size_t learned_ = 0;         // entries of names without an index
  size_t previous_ = 0;
  std::string_view last_name_;
};

}  // namespace sumac::items
