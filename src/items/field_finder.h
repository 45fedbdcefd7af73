// Finds which of the wanted attributes a key of an item is. Items of one table mostly list their
// attributes in one order, so the attribute after the last one found is tried first, on the raw
// bytes. Internal to items/.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "items/attribute_value.h"

namespace sumac::items {

class FieldFinder {
 public:
  static constexpr int kNotWanted = -1;
  static constexpr int kCorrupt = -2;

  // The index of a name is its place in `names`.
  explicit FieldFinder(std::vector<std::string> names);

  // Call before the first field of each object.
  void StartObject() { expected_ = 0; }

  // Reads the key of `field`. REQUIRES: its value has not been taken.
  int Find(simdjson::ondemand::field& field);

  // The name of the last field, after Find returned kNotWanted; valid until the next call.
  std::string_view last_name() const { return last_name_; }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::vector<std::string> names_;
  std::vector<bool> bare_;  // by place in names_: JSON spells the name as it is, without an escape
  std::unordered_map<std::string, int, Hash, std::equal_to<>> index_;
  size_t expected_ = 0;
  std::string_view last_name_;
};

}  // namespace sumac::items
