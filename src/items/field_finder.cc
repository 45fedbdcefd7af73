#include "items/field_finder.h"

#include <algorithm>

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
    const size_t size = std::min(entry.key.size(), sizeof entry.start);
    std::memcpy(entry.start.data(), entry.key.data(), size);
    std::memset(entry.mask.data(), 0xff, size);
  }
  return entry;
}

bool FieldFinder::RestIsNext(const JsonCursor& json, const Entry& entry) {
  constexpr size_t kDone = sizeof entry.start;
  return std::memcmp(json.position() + kDone, entry.key.data() + kDone, entry.key.size() - kDone) ==
         0;
}

int FieldFinder::FindByName(JsonCursor& json, AttributeValue& value) {
  std::string_view name;
  if (!json.ReadString(name) || !json.Take(':') || !AttributeValue::Open(json, value)) {
    return kCorrupt;
  }
  last_name_ = name;
  const auto found = places_.find(name);
  size_t place = found == places_.end() ? 0 : found->second;
  if (place == 0) {
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
