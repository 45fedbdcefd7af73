// What a sample has shown of an attribute: an element of a join-semilattice. Join is associative,
// commutative and idempotent, so a table gives the same schema whatever the order of its pages.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace sumac::items {

class TimeLayout;

// The bounds of the numbers seen; enough to choose the narrowest type that holds them all.
struct NumberSummary {
  bool all_int64 = true;
  bool all_double_exact = true;
  // A number beyond NumberText (never sent by the service).
  bool unreadable = false;
  int integer_digits_max = 0;
  // The same of those numbers that have at most 38 of them, so that a decimal could hold them.
  int decimal_integer_digits_max = 0;
  int fraction_digits_max = 0;

  void Add(std::string_view text);
  void Join(const NumberSummary& other);
  friend bool operator==(const NumberSummary&, const NumberSummary&) = default;
};

// Whether the strings seen could be something narrower. Says nothing when no string was added as
// text.
struct StringSummary {
  bool all_timestamps = true;  // in the layout that the user gave
  bool all_dates = true;       // YYYY-MM-DD

  void Add(std::string_view text, const TimeLayout& layout);
  void Join(const StringSummary& other);
  friend bool operator==(const StringSummary&, const StringSummary&) = default;
};

// Beyond this many distinct fields a map is a dictionary: its fields are no longer told apart, and
// one summary stands for all its values.
inline constexpr size_t kMapFieldsMax = 1'000;
// Attributes of a table that are told apart. Beyond it the first in byte order are kept, because
// which ones those are does not depend on the order of reading.
inline constexpr size_t kAttributesMax = 10'000;

// A value; copying copies the whole tree. Not thread-safe.
class TypeSummary {
 public:
  // Bits of `kinds`. NULL and absent say nothing about the type, so neither has one.
  static constexpr uint8_t kString = 1;
  static constexpr uint8_t kNumber = 2;
  static constexpr uint8_t kBoolean = 4;
  static constexpr uint8_t kBinary = 8;
  static constexpr uint8_t kList = 16;  // lists and sets
  static constexpr uint8_t kMap = 32;

  TypeSummary() = default;
  TypeSummary(const TypeSummary& other);
  TypeSummary& operator=(const TypeSummary& other);
  TypeSummary(TypeSummary&&) = default;
  TypeSummary& operator=(TypeSummary&&) = default;

  void AddKind(uint8_t kind) { kinds_ |= kind; }
  void AddNumber(std::string_view text);
  void AddString(std::string_view text, const TimeLayout& layout);
  // Makes this the summary of a table's items: maps that are never taken for a dictionary, however
  // many attributes they have. REQUIRES: no field was added yet.
  void MarkAsItems() { items_ = true; }

  // The summary of a list's elements; made on first use.
  TypeSummary& Element();
  // The summary of a map's field; made on first use. Valid until the next call of Field or Join. Of
  // a dictionary it is the summary of all values; of an attribute beyond kAttributesMax it is one
  // that nobody reads.
  TypeSummary& Field(std::string_view name);

  // Makes this the least upper bound of both. REQUIRES: both or none are of items, unless one is
  // empty.
  void Join(const TypeSummary& other);

  uint8_t kinds() const { return kinds_; }
  const NumberSummary& number() const { return number_; }
  const StringSummary& string() const { return string_; }
  const TypeSummary* element() const { return element_.get(); }
  // In byte order of the names; empty for a dictionary.
  const std::map<std::string, TypeSummary, std::less<>>& fields() const { return fields_; }
  // The values of a dictionary; null when the fields are told apart.
  const TypeSummary* values() const { return values_.get(); }

  friend bool operator==(const TypeSummary& a, const TypeSummary& b);

 private:
  friend class TypeSummaryFormat;  // type_summary_text.cc

  TypeSummary& NewField(std::string_view name);
  void BecomeDictionary();

  uint8_t kinds_ = 0;
  bool items_ = false;
  NumberSummary number_;
  StringSummary string_;
  std::unique_ptr<TypeSummary> element_;
  std::map<std::string, TypeSummary, std::less<>> fields_;
  std::unique_ptr<TypeSummary> values_;
  std::unique_ptr<TypeSummary> left_out_;  // written and never read
};

}  // namespace sumac::items
