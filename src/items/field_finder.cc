#include "items/field_finder.h"

#include <algorithm>
#include <cstring>

namespace sumac::items {

FieldFinder::FieldFinder(const std::vector<std::string>& names)
    : entries_(1), entries_max_(1 + names.size() + kLearnedMax) {
  for (size_t i = 0; i < names.size(); ++i) {
    places_.emplace(names[i], entries_.size());
    entries_.push_back(MakeEntry(names[i], static_cast<int>(i)));
  }
}

FieldFinder::Entry FieldFinder::MakeEntry(std::string_view name, int index) {
  Entry entry;
  entry.name = name;
  entry.index = index;
  if (std::none_of(name.begin(), name.end(), IsStringStop)) {
    entry.key = '"' + entry.name + "\":{\"";
  }
  return entry;
}

bool FieldFinder::IsNext(const JsonCursor& json, const Entry& entry) {
  const size_t size = entry.key.size();
  if (size == 0 || json.BytesLeft() < size) return false;
  const char* at = json.position();
  const char* key = entry.key.data();
  uint64_t a = 0;
  uint64_t b = 0;
  // A key has at least five bytes.
  if (size < sizeof a) return std::memcmp(at, key, size) == 0;
  size_t done = 0;
  for (; done + sizeof a <= size; done += sizeof a) {
    std::memcpy(&a, at + done, sizeof a);
    std::memcpy(&b, key + done, sizeof b);
    if (a != b) return false;
  }
  // The last eight bytes, which overlap.
  std::memcpy(&a, at + size - sizeof a, sizeof a);
  std::memcpy(&b, key + size - sizeof b, sizeof b);
  return a == b;
}

int FieldFinder::FindByName(JsonCursor& json, AttributeValue& value) {
  std::string_view name;
  if (!json.ReadString(name) || !json.Take(':') || !AttributeValue::Open(json, value)) {
    return kCorrupt;
  }
  const auto found = places_.find(name);
  size_t place = found == places_.end() ? 0 : found->second;
  if (place == 0) {
    last_name_ = name;
    if (entries_.size() == entries_max_ || name.size() > kLearnedBytesMax) return kNotWanted;
    place = entries_.size();
    places_.emplace(std::string(name), place);
    entries_.push_back(MakeEntry(name, kNotWanted));
  }
  entries_[previous_].next = place;
  previous_ = place;
  return entries_[place].index;
}

}  // namespace sumac::items
