// What a schema refresh has changed in the columns of a dataset.
#pragma once

#include <string>
#include <vector>

#include "engine/session.h"

namespace sumac::datasets {

struct ColumnTypeChange {
  std::string column;
  // As DuckDB writes them: "BIGINT", "DECIMAL(38,2)".
  std::string from;
  std::string to;
};

struct SchemaChange {
  // SQL names, in the order of the schema.
  std::vector<std::string> added;
  // Only when a new column takes the name of another: attributes that differ in case alone.
  std::vector<std::string> removed;
  std::vector<ColumnTypeChange> changed_types;

  bool Empty() const { return added.empty() && removed.empty() && changed_types.empty(); }
};

SchemaChange CompareColumns(const std::vector<engine::ResultColumn>& before,
                            const std::vector<engine::ResultColumn>& after);

// One line for a person: "The schema of dataset 'users' was refreshed: 1 column added, 2 columns of
// another type."
std::string DescribeChange(const std::string& dataset_name, const SchemaChange& change);

}  // namespace sumac::datasets
