// What the columns of a dataset did not carry, as far as a query or the loading of a copy met it:
// the matter of warnings. Internal to engine/.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sumac::engine {

struct DatasetLosses {
  // Values that did not fit, by column.
  std::map<std::string, uint64_t> misfits;
  // Attributes without a column; a few of them.
  std::set<std::string> unknown_attributes;
  // What can be done to see them.
  std::string advice;

  static constexpr size_t kUnknownAttributesMax = 6;

  bool Empty() const { return misfits.empty() && unknown_attributes.empty(); }
  void AddUnknownAttribute(const std::string& attribute);
  void Join(const DatasetLosses& other);
};

// One line per column, and one for attributes without a column; a bounded number of lines.
std::vector<std::string> WarningLines(const std::string& dataset_name, const DatasetLosses& losses);

}  // namespace sumac::engine
