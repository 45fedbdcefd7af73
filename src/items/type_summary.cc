#include "items/type_summary.h"

#include <algorithm>

#include "items/number_text.h"
#include "items/time_layout.h"

namespace sumac::items {
namespace {

constexpr int kDecimalDigitsMax = 38;

bool SameOrBothNone(const TypeSummary* a, const TypeSummary* b) {
  return a != nullptr && b != nullptr ? *a == *b : a == b;
}

std::unique_ptr<TypeSummary> CopyOf(const std::unique_ptr<TypeSummary>& summary) {
  return summary ? std::make_unique<TypeSummary>(*summary) : nullptr;
}

}  // namespace

void NumberSummary::Add(std::string_view text) {
  NumberSummary one;
  const auto number = ParseNumberText(text);
  if (number) {
    one.integer_digits_max = number->IntegerDigits();
    one.fraction_digits_max = number->FractionDigits();
    if (one.integer_digits_max <= kDecimalDigitsMax) {
      one.decimal_integer_digits_max = one.integer_digits_max;
    }
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
  decimal_integer_digits_max =
      std::max(decimal_integer_digits_max, other.decimal_integer_digits_max);
  fraction_digits_max = std::max(fraction_digits_max, other.fraction_digits_max);
}

void StringSummary::Add(std::string_view text, const TimeLayout& layout) {
  all_timestamps = all_timestamps && layout.ParseMicroseconds(text).has_value();
  all_dates = all_dates && ParseIsoDate(text).has_value();
}

void StringSummary::Join(const StringSummary& other) {
  all_timestamps = all_timestamps && other.all_timestamps;
  all_dates = all_dates && other.all_dates;
}

TypeSummary::TypeSummary(const TypeSummary& other)
    : kinds_(other.kinds_),
      items_(other.items_),
      number_(other.number_),
      string_(other.string_),
      element_(CopyOf(other.element_)),
      fields_(other.fields_),
      values_(CopyOf(other.values_)) {}

TypeSummary& TypeSummary::operator=(const TypeSummary& other) {
  TypeSummary copy(other);
  *this = std::move(copy);
  return *this;
}

void TypeSummary::AddNumber(std::string_view text) {
  kinds_ |= kNumber;
  number_.Add(text);
}

void TypeSummary::AddString(std::string_view text, const TimeLayout& layout) {
  kinds_ |= kString;
  string_.Add(text, layout);
}

TypeSummary& TypeSummary::Element() {
  if (!element_) element_ = std::make_unique<TypeSummary>();
  return *element_;
}

TypeSummary& TypeSummary::Field(std::string_view name) {
  if (values_) return *values_;
  const auto found = fields_.find(name);
  return found != fields_.end() ? found->second : NewField(name);
}

TypeSummary& TypeSummary::NewField(std::string_view name) {
  if (items_ && fields_.size() >= kAttributesMax) {
    const auto last = std::prev(fields_.end());
    if (last->first < name) {
      left_out_ = std::make_unique<TypeSummary>();
      return *left_out_;
    }
    fields_.erase(last);
  } else if (!items_ && fields_.size() >= kMapFieldsMax) {
    BecomeDictionary();
    return *values_;
  }
  return fields_.emplace(std::string(name), TypeSummary()).first->second;
}

void TypeSummary::BecomeDictionary() {
  values_ = std::make_unique<TypeSummary>();
  for (const auto& [name, field] : fields_) values_->Join(field);
  fields_.clear();
}

void TypeSummary::Join(const TypeSummary& other) {
  kinds_ |= other.kinds_;
  items_ = items_ || other.items_;
  number_.Join(other.number_);
  string_.Join(other.string_);
  if (other.element_) Element().Join(*other.element_);
  if (other.values_) {
    if (!values_) BecomeDictionary();
    values_->Join(*other.values_);
  }
  for (const auto& [name, field] : other.fields_) Field(name).Join(field);
}

bool operator==(const TypeSummary& a, const TypeSummary& b) {
  return a.kinds_ == b.kinds_ && a.number_ == b.number_ && a.string_ == b.string_ &&
         SameOrBothNone(a.element_.get(), b.element_.get()) && a.fields_ == b.fields_ &&
         SameOrBothNone(a.values_.get(), b.values_.get());
}

}  // namespace sumac::items
