// An attribute value over simdjson's DOM. Internal to slow_decoder/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "slow_decoder/slow_decoder.h"

namespace sumac::slow_decoder {

// By value, so that they can stand in a range-based for. REQUIRES: it is one.
inline simdjson::dom::object ObjectOf(simdjson::dom::element value) {
  return value.get_object().value();
}
inline simdjson::dom::array ArrayOf(simdjson::dom::element value) {
  return value.get_array().value();
}

// {"S": "text"} taken apart. An element of a set has the tag of the set without its last letter.
struct Attribute {
  std::string_view tag;
  simdjson::dom::element payload;

  bool Is(std::string_view name) const { return tag == name; }
  bool HasText() const { return Is("S") || Is("N") || Is("B"); }
  bool IsList() const { return Is("L") || Is("SS") || Is("NS") || Is("BS"); }
  std::string_view text() const { return payload.get_string().value(); }
  bool truth() const { return payload.get_bool().value(); }
};

// REQUIRES for these: an Inspector found nothing to say.
Attribute Open(simdjson::dom::element value);
std::vector<Attribute> ElementsOf(const Attribute& list);  // a list or a set
// The content of the plain JSON that JSON columns, `_overflow` and the catch-all have of it.
void AppendPlainContent(const Attribute& attribute, std::string& out);

// Finds out whether attribute values are any, at every depth, before one is decoded.
class Inspector {
 public:
  void InspectItem(simdjson::dom::element item);
  // The names in an object, which must differ.
  void InspectNames(simdjson::dom::element object);

  void Broken() { broken_ = true; }
  void Unclear() { unclear_ = true; }
  Verdict verdict() const {
    if (unclear_) return Verdict::kUnclear;
    return broken_ ? Verdict::kBroken : Verdict::kDecoded;
  }

 private:
  void InspectValue(simdjson::dom::element value, int depth);
  void InspectAttribute(const Attribute& attribute, int depth);
  void InspectList(const Attribute& list, int depth);

  bool broken_ = false;
  bool unclear_ = false;
};

}  // namespace sumac::slow_decoder
