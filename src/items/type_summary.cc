#include "items/type_summary.h"

#include <algorithm>

#include "items/number_text.h"

namespace sumac::items {

void NumberSummary::Add(std::string_view text) {
  NumberSummary one;
  const auto number = ParseNumberText(text);
  if (number) {
    one.integer_digits_max = number->IntegerDigits();
    one.fraction_digits_max = number->FractionDigits();
  } else {
    one.unreadable = true;
  }
  one.all_int64 = NumberToInt64(text).has_value();
  one.all_double_exact = NumberToDoubleExactly(text).has_value();
  Join(one);
}

void NumberSummary::Join(const NumberSummary& other) {
  all_int64 = all_int64 && other.all_int64;
  all_double_exact = all_double_exact && other.all_double_exact;
  unreadable = unreadable || other.unreadable;
  integer_digits_max = std::max(integer_digits_max, other.integer_digits_max);
  fraction_digits_max = std::max(fraction_digits_max, other.fraction_digits_max);
}

TypeSummary::TypeSummary(const TypeSummary& other)
    : kinds_(other.kinds_),
      number_(other.number_),
      element_(other.element_ ? std::make_unique<TypeSummary>(*other.element_) : nullptr),
      fields_(other.fields_) {}

TypeSummary& TypeSummary::operator=(const TypeSummary& other) {
  TypeSummary copy(other);
  *this = std::move(copy);
  return *this;
}

void TypeSummary::AddNumber(std::string_view text) {
  kinds_ |= kNumber;
  number_.Add(text);
}

TypeSummary& TypeSummary::Element() {
  if (!element_) element_ = std::make_unique<TypeSummary>();
  return *element_;
}

TypeSummary& TypeSummary::Field(std::string_view name) {
  const auto found = fields_.find(name);
  if (found != fields_.end()) return found->second;
  return fields_.emplace(std::string(name), TypeSummary()).first->second;
}

void TypeSummary::Join(const TypeSummary& other) {
  kinds_ |= other.kinds_;
  number_.Join(other.number_);
  if (other.element_) Element().Join(*other.element_);
  for (const auto& [name, field] : other.fields_) Field(name).Join(field);
}

bool operator==(const TypeSummary& a, const TypeSummary& b) {
  const bool same_element =
      (a.element_ && b.element_) ? *a.element_ == *b.element_ : !a.element_ && !b.element_;
  return a.kinds_ == b.kinds_ && a.number_ == b.number_ && same_element && a.fields_ == b.fields_;
}

}  // namespace sumac::items
