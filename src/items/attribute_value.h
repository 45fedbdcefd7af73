// One DynamoDB attribute value in a page's JSON: {"S": "text"}, read forward. Internal to items/.
// Source: DynamoDB developer guide, "DynamoDB low-level API: data type descriptors".
#pragma once

#include <string_view>

#include "base/json_cursor.h"

namespace sumac::items {

enum class AttributeTag {
  kString,
  kNumber,
  kBoolean,
  kBinary,
  kNull,
  kList,
  kMap,
  kStringSet,
  kNumberSet,
  kBinarySet,
};

// "S".
std::string_view NameOf(AttributeTag tag);

// The tag of a set's elements; REQUIRES: a set tag.
AttributeTag SetElementTag(AttributeTag set);

inline bool IsSet(AttributeTag tag) {
  return tag >= AttributeTag::kStringSet;
}

// Lists, maps and sets.
inline bool IsNested(AttributeTag tag) {
  return tag >= AttributeTag::kList;
}

// How deep attribute values may nest in each other; the service's own bound is 32 levels.
inline constexpr int kNestingDepthMax = 64;

// A value that was opened: its tag is known, and the cursor stands before what stands under it. For
// an element of a set that is the element's string itself, and the tag is that of a scalar. Whoever
// opens one finishes it, whatever was read of it in between.
class AttributeValue {
 public:
  AttributeValue() = default;
  // `start`: where the text of the value begins.
  AttributeValue(AttributeTag tag, JsonCursor& json, const char* start)
      : tag_(tag), json_(&json), start_(start), payload_(json.position()) {}

  AttributeTag tag() const { return tag_; }
  JsonCursor& json() { return *json_; }

  // These read all of the value, at most once; false when the bytes are something else.
  bool ReadText(std::string_view& text) {  // S, N, B
    read_ = json_->ReadString(text);
    return read_;
  }
  // As JsonCursor's: for who reads the bytes of S, N or B himself.
  const char* TextStart() const { return json_->StringStart(); }
  bool PassText(const char* end) {
    read_ = json_->PassString(end);
    return read_;
  }
  bool ReadBoolean(bool& value) {  // BOOL
    read_ = json_->ReadBoolean(value);
    return read_;
  }
  // L and sets: calls visit(AttributeValue&) with each element.
  template <typename Visit>
  bool ForEachElement(Visit visit);
  // M: calls visit(std::string_view name, AttributeValue&) with each field.
  template <typename Visit>
  bool ForEachField(Visit visit);

  // For readers that go through lists and maps by themselves.
  void MarkRead() { read_ = true; }

  // Passes what was not read, with the brace that closes the value.
  bool Finish() {
    if (!read_) {
      json_->MoveTo(payload_);
      if (!json_->SkipValue()) return false;
    }
    return !braced_ || json_->Take('}');
  }

  // The text of the value, {"S":"x"}. REQUIRES: Finish returned true and nothing was read since.
  std::string_view Text() const {
    return {start_, static_cast<size_t>(json_->position() - start_)};
  }

  // Opens {"S": ...}; false when there is none.
  static bool Open(JsonCursor& json, AttributeValue& value) {
    if (json.BytesLeft() > 2 && json.position()[0] == '{' && json.position()[1] == '"') [[likely]] {
      json.Pass(2);
      return OpenAtTag(json, value);
    }
    return OpenAfterSpace(json, value);
  }
  // The same behind `{"`.
  static bool OpenAtTag(JsonCursor& json, AttributeValue& value) {
    const char* tag = json.position();
    // Nearly always `S":`; what is not goes the long way.
    if (json.BytesLeft() > 3 && tag[1] == '"' && tag[2] == ':') [[likely]] {
      value.tag_ = TagOfLetter(tag[0]);
      if (value.tag_ == AttributeTag::kNull) return false;
      json.Pass(3);
      value.json_ = &json;
      value.start_ = tag - 2;
      value.payload_ = tag + 3;
      return true;
    }
    return OpenAtLongTag(json, value);
  }
  // Opens an element of a set; false when there is no string.
  static AttributeValue OfSetElement(AttributeTag set, JsonCursor& json) {
    AttributeValue value(SetElementTag(set), json, json.position());
    value.braced_ = false;
    return value;
  }

 private:
  // kNull, which has a tag of four letters, for one that is none.
  static AttributeTag TagOfLetter(char letter) {
    switch (letter) {
      case 'S':
        return AttributeTag::kString;
      case 'N':
        return AttributeTag::kNumber;
      case 'B':
        return AttributeTag::kBinary;
      case 'L':
        return AttributeTag::kList;
      case 'M':
        return AttributeTag::kMap;
      default:
        return AttributeTag::kNull;
    }
  }
  static bool OpenAtLongTag(JsonCursor& json, AttributeValue& value);
  static bool OpenAfterSpace(JsonCursor& json, AttributeValue& value);

  AttributeTag tag_ = AttributeTag::kNull;
  bool read_ = false;
  bool braced_ = true;
  JsonCursor* json_ = nullptr;
  const char* start_ = nullptr;
  const char* payload_ = nullptr;
};

// Calls visit(std::string_view name, AttributeValue&) with each attribute of an item; false when it
// returns false or the bytes are no item. Names live as long as the cursor's text.
template <typename Visit>
bool ForEachAttribute(JsonCursor& json, Visit visit) {
  if (!json.Take('{')) return false;
  if (json.Take('}')) return true;
  bool closed = false;
  do {
    std::string_view name;
    AttributeValue value;
    if (!json.ReadString(name) || !json.Take(':') || !AttributeValue::Open(json, value) ||
        !visit(name, value) || !value.Finish()) {
      return false;
    }
  } while (json.TakeSeparator('}', closed));
  return closed;
}

template <typename Visit>
bool AttributeValue::ForEachField(Visit visit) {
  read_ = ForEachAttribute(*json_, visit);
  return read_;
}

template <typename Visit>
bool AttributeValue::ForEachElement(Visit visit) {
  JsonCursor& json = *json_;
  if (!json.Take('[')) return false;
  read_ = json.Take(']');
  if (read_) return true;
  const bool set = IsSet(tag_);
  bool closed = false;
  do {
    AttributeValue element;
    if (set) {
      element = OfSetElement(tag_, json);
    } else if (!Open(json, element)) {
      return false;
    }
    if (!visit(element) || !element.Finish()) return false;
  } while (json.TakeSeparator(']', closed));
  read_ = closed;
  return closed;
}

}  // namespace sumac::items
