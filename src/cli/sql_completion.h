// What can follow at the cursor in a statement that is being typed. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sumac::cli {

struct KnownColumn {
  std::string name;
  std::string type;  // as DESCRIBE shows it: "STRUCT(a INTEGER)"
};

struct KnownTable {
  std::string schema;
  std::string name;
  std::vector<KnownColumn> columns;
};

// The query that tells of all tables, and its answer as CSV, read.
std::string KnownTablesStatement();
std::vector<KnownTable> ReadKnownTables(std::string_view csv);

struct SqlCompletion {
  // Bytes before the cursor that a candidate takes the place of.
  size_t replaced = 0;
  // In the order in which to show them; each once.
  std::vector<std::string> candidates;
};

// `before` is the statement up to the cursor, `after` the rest of it. Names of tables where a table
// is expected; else columns of the tables that the statement names, tables, keywords; after a dot
// the columns of a table or the fields of a column. Names that need quotes get them.
SqlCompletion CompleteSql(std::string_view before, std::string_view after,
                          const std::vector<KnownTable>& tables);

// The fields of "STRUCT(a INTEGER, "b c" STRUCT(d DATE))"; none for other types.
std::vector<KnownColumn> FieldsOf(std::string_view type);

}  // namespace sumac::cli
