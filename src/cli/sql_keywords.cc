#include "cli/sql_keywords.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace sumac::cli {

// Not all that DuckDB's parser knows: among its words are name, type, value and date, which here
// are columns nearly always.
const std::vector<std::string_view>& SqlKeywords() {
  static const std::vector<std::string_view> words = {
      "ALL",      "ANALYZE",   "AND",    "ANTI",    "ANY",       "AS",       "ASC",     "ASOF",
      "BETWEEN",  "BY",        "CASE",   "CAST",    "COLLATE",   "COUNT",    "CROSS",   "DESC",
      "DESCRIBE", "DISTINCT",  "ELSE",   "END",     "EXCEPT",    "EXISTS",   "EXPLAIN", "FALSE",
      "FROM",     "FULL",      "GROUP",  "HAVING",  "ILIKE",     "IN",       "INNER",   "INTERSECT",
      "INTERVAL", "IS",        "JOIN",   "LATERAL", "LEFT",      "LIKE",     "LIMIT",   "NATURAL",
      "NOT",      "NULL",      "NULLS",  "OFFSET",  "ON",        "OR",       "ORDER",   "OUTER",
      "OVER",     "PARTITION", "PIVOT",  "QUALIFY", "RECURSIVE", "RIGHT",    "SELECT",  "SEMI",
      "SHOW",     "SUMMARIZE", "TABLES", "THEN",    "TRUE",      "TRY_CAST", "UNION",   "UNNEST",
      "UNPIVOT",  "USING",     "VALUES", "WHEN",    "WHERE",     "WINDOW",   "WITH"};
  return words;
}

bool IsSqlKeyword(std::string_view word) {
  std::string upper(word);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return std::binary_search(SqlKeywords().begin(), SqlKeywords().end(), upper);
}

}  // namespace sumac::cli
