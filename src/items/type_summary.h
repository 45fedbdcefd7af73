// What a sample has shown of an attribute: an element of a join-semilattice. Join is associative,
// commutative and idempotent, so a table gives the same schema whatever the order of its pages.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace sumac::items {

// The bounds of the numbers seen; enough to choose the narrowest type that holds them all.
struct NumberSummary {
  bool all_int64 = true;
  bool all_double_exact = true;
  // A number beyond NumberText (never sent by the service).
  bool unreadable = false;
  int integer_digits_max = 0;
  int fraction_digits_max = 0;

  void Add(std::string_view text);
  void Join(const NumberSummary& other);
  friend bool operator==(const NumberSummary&, const NumberSummary&) = default;
};

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
  // The summary of a list's elements; made on first use.
  TypeSummary& Element();
  // The summary of a map's field; made on first use.
  TypeSummary& Field(std::string_view name);

  // Makes this the least upper bound of both.
  void Join(const TypeSummary& other);

  uint8_t kinds() const { return kinds_; }
  const NumberSummary& number() const { return number_; }
  const TypeSummary* element() const { return element_.get(); }
  // In byte order of the names.
  const std::map<std::string, TypeSummary, std::less<>>& fields() const { return fields_; }

  friend bool operator==(const TypeSummary& a, const TypeSummary& b);

 private:
  uint8_t kinds_ = 0;
  NumberSummary number_;
  std::unique_ptr<TypeSummary> element_;
  std::map<std::string, TypeSummary, std::less<>> fields_;
};

}  // namespace sumac::items
