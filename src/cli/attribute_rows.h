// The attributes of a table as lines for a person: what `sumac schema` lists. Internal to cli/.
#pragma once

#include <string>
#include <vector>

#include "datasets/connector.h"

namespace sumac::cli {

struct AttributeRow {
  std::string name;  // indented by its depth
  std::string sql_type;
  std::string types;    // DynamoDB's, with counts where there are several
  std::string present;  // "83.3%"
  std::vector<std::string> samples;
};

// In the order of the columns, fields below their maps.
std::vector<AttributeRow> MakeAttributeRows(const datasets::TableInspection& table);

// A sentence for each attribute that has several types besides NULL.
std::vector<std::string> DescribeConflicts(const datasets::TableInspection& table);

// "83.3%", "100%", "<0.1%"; never 0% or 100% for what is not quite.
std::string Percent(uint64_t part, uint64_t whole);

}  // namespace sumac::cli
