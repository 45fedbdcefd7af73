#include "items/field_finder.h"

#include <algorithm>
#include <utility>

namespace sumac::items {

FieldFinder::FieldFinder(const std::vector<std::string>& names) : entries_(1) {
  for (size_t i = 0; i < names.size(); ++i) indexes_.emplace(names[i], static_cast<int>(i));
}

FieldFinder::Entry FieldFinder::MakeEntry(std::string_view name, AttributeTag tag, int index) {
  Entry entry;
  entry.name = name;
  entry.tag = tag;
  entry.index = index;
  if (std::none_of(name.begin(), name.end(), IsStringStop)) {
    entry.key = '"' + entry.name + "\":";
    entry.value_offset = entry.key.size();
    entry.key.append("{\"").append(NameOf(tag)).append("\":");
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
  name_and_type_.assign(name);
  name_and_type_.push_back(static_cast<char>(value.tag()));
  const auto found = places_.find(name_and_type_);
  size_t place = found == places_.end() ? 0 : found->second;
  if (place == 0) {
    const auto wanted = indexes_.find(name);
    const int index = wanted == indexes_.end() ? kNotWanted : wanted->second;
    place = Learn(name, value.tag(), index);
    if (place == 0) return index;
  }
  entries_[previous_].next = place;
  previous_ = place;
  return entries_[place].index;
}

size_t FieldFinder::Learn(std::string_view name, AttributeTag tag, int index) {
  // Wanted names are bounded by themselves: each has as many places as there are types.
  if (index == kNotWanted) {
    if (learned_ == kLearnedMax || name.size() > kLearnedBytesMax) return 0;
    ++learned_;
  }
  const size_t place = entries_.size();
  entries_.push_back(MakeEntry(name, tag, index));
  places_.emplace(name_and_type_, place);
  const auto [first, is_first] = first_places_.emplace(std::string(name), place);
  if (is_first) {
    entries_[place].of_other_type = place;
  } else {
    entries_[place].of_other_type = std::exchange(entries_[first->second].of_other_type, place);
  }
  return place;
}

}  // namespace sumac::items
