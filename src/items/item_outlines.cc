#include "items/item_outlines.h"

#include <algorithm>

#include "items/attribute_value.h"
#include "items/page_items.h"
#include "items/stable_hash.h"

namespace sumac::items {
namespace {

bool ReadAttribute(AttributeValue& value, OutlinedAttribute& attribute, std::string& key_text) {
  using Value = OutlinedAttribute::Value;
  std::string_view text;
  switch (value.tag()) {
    case AttributeTag::kString:
    case AttributeTag::kNumber:
    case AttributeTag::kBinary:
      if (!value.ReadText(text)) return false;
      key_text = text;
      break;
    case AttributeTag::kNull:
      attribute.value = Value::kNull;
      return true;
    default:
      return true;
  }
  if (value.tag() != AttributeTag::kString) return true;
  attribute.value = text.size() <= ItemOutlines::kTextBytesMax ? Value::kText : Value::kLongText;
  if (attribute.value == Value::kText) attribute.text = text;
  return true;
}

bool ReadOutline(JsonCursor& item, const std::vector<dynamodb::KeyAttribute>& keys,
                 ItemOutline& outline) {
  outline.keys.resize(keys.size());
  const bool read = ForEachAttribute(item, [&](std::string_view name, AttributeValue& value) {
    OutlinedAttribute attribute;
    std::string key_text;
    if (!ReadAttribute(value, attribute, key_text)) return false;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (keys[i].name == name) outline.keys[i] = key_text;
    }
    if (name.size() > ItemOutlines::kNameBytesMax) return true;
    attribute.name = name;
    outline.attributes.push_back(std::move(attribute));
    return true;
  });
  if (!read) return false;
  auto& attributes = outline.attributes;
  std::sort(attributes.begin(), attributes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  if (attributes.size() > ItemOutlines::kAttributesMax) {
    attributes.resize(ItemOutlines::kAttributesMax);
  }
  return true;
}

}  // namespace

Status ItemOutlines::AddPage(std::string_view body) {
  return ForEachItem(body, [this](JsonCursor& item) {
    ItemOutline outline;
    if (!ReadOutline(item, keys_, outline)) return false;
    ++items_;
    uint64_t hash = 0;
    for (const auto& key : outline.keys) hash = StableHash(key, hash);
    Rank rank(hash, outline.keys);
    Keep(std::move(rank), std::move(outline));
    return true;
  });
}

void ItemOutlines::Keep(Rank rank, ItemOutline outline) {
  if (kept_.size() >= outlines_max_ && (kept_.empty() || rank > kept_.rbegin()->first)) return;
  kept_.emplace(std::move(rank), std::move(outline));
  while (kept_.size() > outlines_max_) kept_.erase(std::prev(kept_.end()));
}

void ItemOutlines::Merge(const ItemOutlines& other) {
  items_ += other.items_;
  for (const auto& [rank, outline] : other.kept_) Keep(rank, outline);
}

std::vector<ItemOutline> ItemOutlines::Outlines() const {
  std::vector<ItemOutline> outlines;
  outlines.reserve(kept_.size());
  for (const auto& [rank, outline] : kept_) outlines.push_back(outline);
  return outlines;
}

}  // namespace sumac::items
