#include "items/time_layout_element.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "items/time_layout.h"

namespace sumac::items {
namespace {

using Kind = TimeElement::Kind;
using Padding = TimeElement::Padding;
using OffsetForm = TimeElement::OffsetForm;

constexpr char kExample[] = "2006-01-02T15:04:05.000Z07:00";
constexpr size_t kFractionDigitsMax = 9;
constexpr size_t kQuotedBytesMax = 40;

// What a layout has once; the name is for messages.
enum class Part { kYear, kMonth, kDay, kWeekday, kHour, kMinute, kSecond, kFraction, kHalf, kZone };
constexpr std::array kPartNames = {"year",   "month",  "day",      "weekday",  "hour",
                                   "minute", "second", "fraction", "half day", "zone"};

struct Token {
  std::string_view text;
  Part part;
  TimeElement element;
};

constexpr TimeElement Number(Kind kind, Padding padding) {
  TimeElement element;
  element.kind = kind;
  element.padding = padding;
  return element;
}

constexpr TimeElement Plain(Kind kind) {
  return Number(kind, Padding::kZero);
}

constexpr TimeElement Offset(OffsetForm form, bool or_z) {
  TimeElement element;
  element.kind = Kind::kOffset;
  element.offset_form = form;
  element.offset_or_z = or_z;
  return element;
}

// A token stands before those that it begins with.
constexpr Token kTokens[] = {
    {"Z07:00", Part::kZone, Offset(OffsetForm::kColon, true)},
    {"Z0700", Part::kZone, Offset(OffsetForm::kPlain, true)},
    {"Z07", Part::kZone, Offset(OffsetForm::kHours, true)},
    {"-07:00", Part::kZone, Offset(OffsetForm::kColon, false)},
    {"-0700", Part::kZone, Offset(OffsetForm::kPlain, false)},
    {"-07", Part::kZone, Offset(OffsetForm::kHours, false)},
    {"07:00", Part::kZone, Offset(OffsetForm::kColon, false)},
    {"0700", Part::kZone, Offset(OffsetForm::kPlain, false)},
    {"MST", Part::kZone, Plain(Kind::kZoneName)},
    {"2006", Part::kYear, Plain(Kind::kYear)},
    {"06", Part::kYear, Plain(Kind::kYearOfCentury)},
    {"January", Part::kMonth, Plain(Kind::kMonthName)},
    {"Jan", Part::kMonth, Plain(Kind::kMonthShortName)},
    {"Monday", Part::kWeekday, Plain(Kind::kWeekdayName)},
    {"Mon", Part::kWeekday, Plain(Kind::kWeekdayShortName)},
    {"01", Part::kMonth, Number(Kind::kMonth, Padding::kZero)},
    {"02", Part::kDay, Number(Kind::kDay, Padding::kZero)},
    {"_2", Part::kDay, Number(Kind::kDay, Padding::kSpace)},
    {"15", Part::kHour, Plain(Kind::kHour)},
    {"03", Part::kHour, Number(Kind::kHalfDayHour, Padding::kZero)},
    {"04", Part::kMinute, Number(Kind::kMinute, Padding::kZero)},
    {"05", Part::kSecond, Number(Kind::kSecond, Padding::kZero)},
    {"1", Part::kMonth, Number(Kind::kMonth, Padding::kNone)},
    {"2", Part::kDay, Number(Kind::kDay, Padding::kNone)},
    {"3", Part::kHour, Number(Kind::kHalfDayHour, Padding::kNone)},
    {"4", Part::kMinute, Number(Kind::kMinute, Padding::kNone)},
    {"5", Part::kSecond, Number(Kind::kSecond, Padding::kNone)},
    {"PM", Part::kHalf, Plain(Kind::kHalfDayUpper)},
    {"AM", Part::kHalf, Plain(Kind::kHalfDayUpper)},
    {"pm", Part::kHalf, Plain(Kind::kHalfDayLower)},
    {"am", Part::kHalf, Plain(Kind::kHalfDayLower)},
};
constexpr std::string_view kLiterals = "TZ_ \t:/,.'\"()[]-+";

// How other notations say it.
struct Habit {
  std::string_view text;
  std::string_view go;
};
constexpr Habit kHabits[] = {
    {"yyyy", "2006"}, {"YYYY", "2006"}, {"yy", "06"}, {"MM", "01"},      {"MMM", "Jan"},
    {"dd", "02"},     {"DD", "02"},     {"HH", "15"}, {"hh", "03"},      {"mm", "04"},
    {"ss", "05"},     {"SSS", "000"},   {"a", "PM"},  {"XXX", "Z07:00"}, {"UTC", "MST"},
    {"GMT", "MST"},   {"24", "15"},     {"12", "03"},
};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string Quoted(std::string_view text) {
  return '"' + PrintableText(text, TimeLayout::kLayoutBytesMax) + '"';
}

// The word, the run of digits or the single character at `at`.
std::string_view RunAround(std::string_view layout, size_t at) {
  size_t begin = at;
  size_t end = at + 1;
  const auto same = [&](bool (*belongs)(char)) {
    while (begin > 0 && belongs(layout[begin - 1])) --begin;
    while (end < layout.size() && belongs(layout[end])) ++end;
  };
  if (IsDigit(layout[at])) {
    same(IsDigit);
  } else if (IsLetter(layout[at])) {
    same(IsLetter);
  } else {
    // The rest of a character of UTF-8.
    while (end < layout.size() && (static_cast<unsigned char>(layout[end]) & 0xc0) == 0x80) ++end;
  }
  return layout.substr(begin, std::min(end - begin, kQuotedBytesMax));
}

class LayoutReader {
 public:
  explicit LayoutReader(std::string_view layout) : layout_(layout) {}

  Result<std::vector<TimeElement>> Read() {
    if (layout_.empty()) return Fail(Wrong("it is empty"));
    while (at_ < layout_.size()) {
      if (ReadFraction()) continue;
      SUMAC_ASSIGN_OR_RETURN(const bool found, ReadToken());
      if (found) continue;
      SUMAC_RETURN_IF_ERROR(ReadLiteral());
    }
    SUMAC_RETURN_IF_ERROR(CheckWhole());
    return std::move(elements_);
  }

 private:
  Error Wrong(const std::string& detail) const {
    return UserError(
        ErrorCode::kInvalidArgument,
        fmt::format("{} is no time layout: {}; a layout is the time Mon Jan 2 15:04:05 "
                    "2006 written as the values are, for example {}",
                    Quoted(layout_), detail, kExample));
  }

  static std::string NoPart(std::string_view run) {
    for (const auto& habit : kHabits) {
      if (habit.text == run)
        return fmt::format("{} is no part of one, write {}", Quoted(run), habit.go);
    }
    return fmt::format("{} is no part of one", Quoted(run));
  }

  Error Second(std::string_view token, const char* part) const {
    const auto run = RunAround(layout_, at_);
    const auto second = fmt::format("{} is a second {}", Quoted(token), part);
    if (!IsDigit(token[0]) || run.size() <= token.size()) return Wrong(second);
    // 2024 begins with 2, the day, and goes on with 02.
    return Wrong(fmt::format("{} ({})", NoPart(run), second));
  }

  bool Has(Part part) const { return parts_[static_cast<size_t>(part)]; }
  bool After(Kind kind) const { return !elements_.empty() && elements_.back().kind == kind; }

  // True when the element before has no fixed end, so that digits may not follow it.
  bool AfterOpenNumber() const {
    return !elements_.empty() &&
           (elements_.back().padding != Padding::kZero || elements_.back().kind == Kind::kFraction);
  }

  bool ReadFraction() {
    const char separator = layout_[at_];
    if (!After(Kind::kSecond) || (separator != '.' && separator != ',')) return false;
    if (at_ + 1 == layout_.size()) return false;
    const char digit = layout_[at_ + 1];
    if (digit != '0' && digit != '9') return false;
    size_t end = at_ + 1;
    while (end < layout_.size() && layout_[end] == digit) ++end;
    const size_t digits = end - at_ - 1;
    if (digits > kFractionDigitsMax || (end < layout_.size() && IsDigit(layout_[end]))) {
      return false;
    }
    TimeElement element;
    element.kind = Kind::kFraction;
    element.fraction_exact = digit == '0';
    element.fraction_digits = static_cast<uint8_t>(digits);
    element.literal = separator;
    elements_.push_back(element);
    parts_[static_cast<size_t>(Part::kFraction)] = true;
    at_ = end;
    return true;
  }

  Result<bool> ReadToken() {
    const auto rest = layout_.substr(at_);
    for (const auto& token : kTokens) {
      if (!rest.starts_with(token.text)) continue;
      if (rest.starts_with("_2006")) return false;
      const auto after = rest.substr(token.text.size());
      // "Month" does not begin with Mon.
      if (token.text.size() > 2 && IsLetter(token.text.back()) && !after.empty() &&
          after[0] >= 'a' && after[0] <= 'z') {
        continue;
      }
      const auto part = static_cast<size_t>(token.part);
      if (parts_[part]) return Fail(Second(token.text, kPartNames[part]));
      if (AfterOpenNumber() && (IsDigit(token.text[0]) || token.text == "_2") &&
          token.element.kind != Kind::kOffset) {
        return Fail(Wrong(fmt::format(
            "{} stands right behind a number that may be shorter, which could be read in two ways",
            Quoted(token.text))));
      }
      if (After(Kind::kLiteral) && elements_.back().literal == '+' && token.part == Part::kZone) {
        return Fail(Wrong(
            fmt::format("{} brings its sign with it, leave out the \"+\"", Quoted(token.text))));
      }
      parts_[part] = true;
      elements_.push_back(token.element);
      at_ += token.text.size();
      return true;
    }
    return false;
  }

  Status ReadLiteral() {
    const char c = layout_[at_];
    if (kLiterals.find(c) == std::string_view::npos) {
      return Fail(Wrong(NoPart(RunAround(layout_, at_))));
    }
    TimeElement element;
    element.literal = c;
    if (c == 'Z' && AfterTimeOfDay()) {
      if (Has(Part::kZone)) return Fail(Wrong("\"Z\" is a second zone"));
      parts_[static_cast<size_t>(Part::kZone)] = true;
      element.kind = Kind::kUtc;
    }
    elements_.push_back(element);
    ++at_;
    return {};
  }

  bool AfterTimeOfDay() const {
    return After(Kind::kHour) || After(Kind::kHalfDayHour) || After(Kind::kMinute) ||
           After(Kind::kSecond) || After(Kind::kFraction) || After(Kind::kHalfDayUpper) ||
           After(Kind::kHalfDayLower);
  }

  Status CheckWhole() const {
    if (!Has(Part::kYear)) return Fail(Wrong("it has no year (2006)"));
    if (!Has(Part::kMonth)) return Fail(Wrong("it has no month (01)"));
    if (!Has(Part::kDay)) return Fail(Wrong("it has no day (02)"));
    bool half_day_hour = false;
    for (const auto& element : elements_) half_day_hour |= element.kind == Kind::kHalfDayHour;
    if (half_day_hour && !Has(Part::kHalf)) {
      return Fail(Wrong("hours of 12 (03) need PM; hours of 24 are 15"));
    }
    if (Has(Part::kHalf) && !half_day_hour) return Fail(Wrong("PM needs hours of 12 (03)"));
    if (Has(Part::kMinute) && !Has(Part::kHour)) return Fail(Wrong("minutes need an hour (15)"));
    if (Has(Part::kSecond) && !Has(Part::kMinute)) return Fail(Wrong("seconds need minutes (04)"));
    return {};
  }

  std::string_view layout_;
  size_t at_ = 0;
  std::vector<TimeElement> elements_;
  std::array<bool, kPartNames.size()> parts_{};
};

}  // namespace

Result<std::vector<TimeElement>> ReadTimeLayout(std::string_view layout) {
  if (layout.size() > TimeLayout::kLayoutBytesMax) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("{}... is no time layout: it has {} bytes, and {} are allowed; an "
                            "example is {}",
                            Quoted(layout.substr(0, kQuotedBytesMax)), layout.size(),
                            TimeLayout::kLayoutBytesMax, kExample));
  }
  return LayoutReader(layout).Read();
}

}  // namespace sumac::items
