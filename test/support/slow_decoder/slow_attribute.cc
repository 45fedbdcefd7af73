#include "slow_decoder/slow_attribute.h"

#include <set>

#include "slow_decoder/json_content.h"
#include "slow_decoder/slow_number.h"

namespace sumac::slow_decoder {
namespace {

using simdjson::dom::element;

constexpr int kNestingDepthMax = 64;

}  // namespace

Attribute Open(element value) {
  const auto entry = *value.get_object().value().begin();
  return {entry.key, entry.value};
}

std::vector<Attribute> ElementsOf(const Attribute& list) {
  std::vector<Attribute> elements;
  for (const element one : ArrayOf(list.payload)) {
    elements.push_back(list.Is("L") ? Open(one) : Attribute{list.tag.substr(0, 1), one});
  }
  return elements;
}

void AppendPlainContent(const Attribute& attribute, std::string& out) {
  if (attribute.Is("NULL")) {
    out += kNullContent;
  } else if (attribute.Is("BOOL")) {
    out += attribute.truth() ? kTrueContent : kFalseContent;
  } else if (attribute.Is("N") && IsJsonNumber(attribute.text()) && ReadNumber(attribute.text())) {
    AppendNumberContent(attribute.text(), out);
  } else if (attribute.HasText()) {
    AppendStringContent(attribute.text(), out);
  } else if (attribute.Is("M")) {
    out += '{';
    for (const auto field : ObjectOf(attribute.payload)) {
      AppendStringContent(field.key, out);
      AppendPlainContent(Open(field.value), out);
    }
    out += '}';
  } else {
    out += '[';
    for (const auto& one : ElementsOf(attribute)) AppendPlainContent(one, out);
    out += ']';
  }
}

void Inspector::InspectItem(element item) {
  if (!item.is_object()) return Broken();
  InspectNames(item);
  for (const auto field : ObjectOf(item)) InspectValue(field.value, 0);
}

void Inspector::InspectNames(element object) {
  std::set<std::string_view> names;
  for (const auto field : ObjectOf(object)) {
    if (!names.insert(field.key).second) Unclear();
  }
}

void Inspector::InspectValue(element value, int depth) {
  if (!value.is_object() || value.get_object().value().size() == 0) return Broken();
  if (value.get_object().value().size() > 1) Unclear();
  InspectAttribute(Open(value), depth);
}

void Inspector::InspectAttribute(const Attribute& attribute, int depth) {
  // The deepest that every reader of pages takes; below it each has a bound of its own.
  if (depth >= kNestingDepthMax) return Unclear();
  if (attribute.HasText()) {
    if (!attribute.payload.is_string()) Broken();
  } else if (attribute.Is("BOOL")) {
    if (!attribute.payload.is_bool()) Broken();
  } else if (attribute.Is("M")) {
    if (!attribute.payload.is_object()) return Broken();
    InspectNames(attribute.payload);
    for (const auto field : ObjectOf(attribute.payload)) {
      InspectValue(field.value, depth + 1);
    }
  } else if (attribute.IsList()) {
    InspectList(attribute, depth);
  } else if (!attribute.Is("NULL")) {
    Broken();
  }
}

void Inspector::InspectList(const Attribute& list, int depth) {
  if (!list.payload.is_array()) return Broken();
  for (const element one : ArrayOf(list.payload)) {
    if (list.Is("L")) {
      InspectValue(one, depth + 1);
    } else {
      InspectAttribute({list.tag.substr(0, 1), one}, depth + 1);
    }
  }
}

}  // namespace sumac::slow_decoder
