// A table of DuckDB over items, which shows what becomes of a filter: the rows that it is true for
// by DuckDB's judgement, and its translation.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "filter_equivalence/random_table.h"
#include "planning/filter_translation.h"

namespace sumac::filter_equivalence {

struct FilterOutcome {
  // The numbers of the items whose rows the filter is true for.
  std::set<size_t> rows;
  // Of the parts that DuckDB made of the filter, those that say something.
  std::vector<dynamodb::Condition> conditions;
  bool exact = true;  // of all parts
  // Whether DuckDB showed any part: it does not ask for rows where none can be.
  bool was_shown = false;
};

class FilteredItems {
 public:
  // At most 2,048 items.
  explicit FilteredItems(RandomTable table);
  ~FilteredItems();

  const RandomTable& table() const;

  // Error kInvalidArgument: the filter does not bind, or fails on a row.
  Result<FilterOutcome> Ask(const std::string& filter);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace sumac::filter_equivalence
