// The answers of DescribeTable and ListTables. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dynamodb/table_description.h"

namespace sumac::dynamodb {

struct TableNames {
  std::vector<std::string> names;
  std::string last_evaluated;  // empty at the end
};

// Errors: kDataCorrupt when the body is not that answer, or a key attribute has no definition.
Result<TableDescription> ParseDescribeTable(std::string_view body);
Result<TableNames> ParseListTables(std::string_view body);

}  // namespace sumac::dynamodb
