#include "items/item_census.h"

#include <algorithm>

#include "base/printable_text.h"
#include "items/page_items.h"
#include "items/stable_hash.h"

namespace sumac::items {
namespace {

constexpr char kFieldStep = '\xff';
constexpr char kElementStep = '\xfe';

// `text` cut to this many characters and "…".
void TruncateCharacters(size_t characters_max, std::string& text) {
  size_t characters = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (starts && ++characters > characters_max) {
      text.resize(i);
      text += "\u2026";
      return;
    }
  }
}

}  // namespace

std::string_view AttributeTagName(AttributeTag tag) {
  static constexpr std::string_view kNames[kAttributeTags] = {"S", "N", "BOOL", "B",  "NULL",
                                                              "L", "M", "SS",   "NS", "BS"};
  return kNames[static_cast<size_t>(tag)];
}

AttributeCensus::AttributeCensus(const AttributeCensus& other)
    : items_(other.items_),
      values_(other.values_),
      samples_(other.samples_),
      fields_(other.fields_),
      element_(other.element_ ? std::make_unique<AttributeCensus>(*other.element_) : nullptr),
      last_item_(other.last_item_) {}

AttributeCensus& AttributeCensus::operator=(const AttributeCensus& other) {
  AttributeCensus copy(other);
  *this = std::move(copy);
  return *this;
}

int AttributeCensus::TypeCount() const {
  int count = 0;
  for (size_t tag = 0; tag < kAttributeTags; ++tag) {
    if (values_[tag] > 0 && tag != static_cast<size_t>(AttributeTag::kNull)) ++count;
  }
  return count;
}

std::vector<SampleValue> AttributeCensus::Samples() const {
  std::vector<SampleValue> samples;
  for (const auto& [hash, sample] : samples_) samples.push_back(sample);
  std::sort(samples.begin(), samples.end());
  return samples;
}

bool operator==(const AttributeCensus& a, const AttributeCensus& b) {
  const bool same_element =
      (a.element_ && b.element_) ? *a.element_ == *b.element_ : !a.element_ && !b.element_;
  return same_element && a.items_ == b.items_ && a.values_ == b.values_ &&
         a.samples_ == b.samples_ && a.fields_ == b.fields_;
}

Status ItemCensus::AddPage(std::string_view body) {
  return ForEachItem(body, [this](JsonCursor& item) {
    ++items_;
    path_.clear();
    return ForEachAttribute(item, [this](std::string_view name, AttributeValue& value) {
      return CountField(name, value, *root_, 1);
    });
  });
}

template <typename Use>
bool ItemCensus::WithChild(AttributeCensus& parent, std::optional<std::string_view> name, int depth,
                           Use use) {
  const size_t parent_path = path_.size();
  if (name) path_ += *name;
  path_ += name ? kFieldStep : kElementStep;
  auto* child = FindOrTrack(parent, name, depth);
  const bool ok = child == nullptr || use(*child);
  path_.resize(parent_path);
  return ok;
}

AttributeCensus* ItemCensus::FindOrTrack(AttributeCensus& parent,
                                         std::optional<std::string_view> name, int depth) {
  if (name) {
    const auto found = parent.fields_.find(*name);
    if (found != parent.fields_.end()) return &found->second;
  } else if (parent.element_) {
    return parent.element_.get();
  }
  PathRank rank(depth, path_);
  const bool full = tracked_.size() >= bounds_.attributes_max;
  incomplete_ = incomplete_ || full;
  if (depth > bounds_.depth_max || path_.size() > bounds_.path_bytes_max ||
      (full && (tracked_.empty() || rank > tracked_.rbegin()->first))) {
    incomplete_ = true;
    return nullptr;
  }
  if (full) {
    // The last in rank has no children, because they would come after it, and is no ancestor of the
    // new one. What goes never comes back: as many as there may be come before it.
    const auto last = std::prev(tracked_.end());
    auto& [holder, last_name] = last->second;
    if (last_name) {
      holder->fields_.erase(*last_name);
    } else {
      holder->element_.reset();
    }
    tracked_.erase(last);
  }
  tracked_.emplace(std::move(rank), Place{&parent, name ? std::optional<std::string>(*name)
                                                        : std::optional<std::string>()});
  if (name) return &parent.fields_.emplace(std::string(*name), AttributeCensus()).first->second;
  parent.element_ = std::make_unique<AttributeCensus>();
  return parent.element_.get();
}

bool ItemCensus::CountField(std::string_view name, AttributeValue& value, AttributeCensus& parent,
                            int depth) {
  return WithChild(parent, name, depth,
                   [&](AttributeCensus& child) { return CountValue(value, child, depth); });
}

bool ItemCensus::CountElements(AttributeValue& list, AttributeCensus& parent, int depth) {
  return list.ForEachElement([&](AttributeValue& element) {
    return WithChild(parent, {}, depth,
                     [&](AttributeCensus& child) { return CountValue(element, child, depth); });
  });
}

bool ItemCensus::CountValue(AttributeValue& value, AttributeCensus& attribute, int depth) {
  if (attribute.last_item_ != items_) ++attribute.items_;
  attribute.last_item_ = items_;
  ++attribute.values_[static_cast<size_t>(value.tag())];
  switch (value.tag()) {
    case AttributeTag::kString:
    case AttributeTag::kNumber:
    case AttributeTag::kBinary: {
      std::string_view text;
      if (!value.ReadText(text)) return false;
      AddSample(value.tag(), text, attribute);
      return true;
    }
    case AttributeTag::kBoolean: {
      bool truth = false;
      if (!value.ReadBoolean(truth)) return false;
      AddSample(value.tag(), truth ? "true" : "false", attribute);
      return true;
    }
    case AttributeTag::kNull:
      return true;
    case AttributeTag::kMap:
      return value.ForEachField([&](std::string_view name, AttributeValue& field) {
        return CountField(name, field, attribute, depth + 1);
      });
    case AttributeTag::kList:
    case AttributeTag::kStringSet:
    case AttributeTag::kNumberSet:
    case AttributeTag::kBinarySet:
      return CountElements(value, attribute, depth + 1);
  }
  return false;
}

void ItemCensus::AddSample(AttributeTag tag, std::string_view text,
                           AttributeCensus& attribute) const {
  constexpr size_t kCharacterBytesMax = 4;
  SampleValue sample{tag, {}};
  AppendPrintable(text.substr(0, kCharacterBytesMax * (bounds_.sample_characters_max + 1)),
                  sample.text);
  TruncateCharacters(bounds_.sample_characters_max, sample.text);
  const uint64_t hash = StableHash(sample.text, StableHash(AttributeTagName(tag)));
  auto& samples = attribute.samples_;
  if (samples.size() >= bounds_.samples_max &&
      (samples.empty() || hash > samples.rbegin()->first)) {
    return;
  }
  samples.emplace(hash, std::move(sample));
  KeepFewSamples(attribute);
}

void ItemCensus::KeepFewSamples(AttributeCensus& attribute) const {
  auto& samples = attribute.samples_;
  while (samples.size() > bounds_.samples_max) samples.erase(std::prev(samples.end()));
}

void ItemCensus::Merge(const ItemCensus& other) {
  items_ += other.items_;
  incomplete_ = incomplete_ || other.incomplete_;
  path_.clear();
  MergeInto(*other.root_, *root_, 1);
}

void ItemCensus::MergeInto(const AttributeCensus& from, AttributeCensus& into, int depth) {
  const auto add = [&](const AttributeCensus& source, AttributeCensus& target) {
    target.items_ += source.items_;
    for (size_t tag = 0; tag < kAttributeTags; ++tag) target.values_[tag] += source.values_[tag];
    target.samples_.insert(source.samples_.begin(), source.samples_.end());
    KeepFewSamples(target);
    MergeInto(source, target, depth + 1);
    return true;
  };
  for (const auto& [name, field] : from.fields_) {
    WithChild(into, name, depth,
              [&, &field = field](AttributeCensus& target) { return add(field, target); });
  }
  if (from.element_) {
    WithChild(into, {}, depth,
              [&](AttributeCensus& target) { return add(*from.element_, target); });
  }
}

}  // namespace sumac::items
