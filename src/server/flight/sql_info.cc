#include "server/flight/sql_info.h"

#include <algorithm>

#include "sumac_version.h"

namespace sumac::server {
namespace {

// The numbers are those of SqlInfo in FlightSql.proto of Arrow.
std::vector<engine::InfoValue> AllInfos() {
  const std::string name = "Sumac";
  constexpr int32_t kNoTransactions = 0;
  constexpr int32_t kNoTimeout = 0;
  constexpr int64_t kCaseInsensitive = 2;
  constexpr int64_t kNullsAtEnd = 3;
  constexpr int32_t kGroupByUnrelatedAndBeyondSelect = 3;
  constexpr int32_t kCoreGrammar = 3;
  constexpr int32_t kAllJoins = 7;
  const std::vector<std::string> numeric = {"abs",   "ceil",  "exp",  "floor", "ln",   "log10",
                                            "power", "round", "sign", "sqrt",  "trunc"};
  const std::vector<std::string> text = {"concat", "length",    "lower", "ltrim", "replace",
                                         "rtrim",  "substring", "trim",  "upper"};
  const std::vector<std::string> time = {"current_date", "date_diff", "date_part", "date_trunc",
                                         "extract",      "now",       "strftime"};
  const std::vector<std::string> system = {"coalesce", "current_schema", "nullif", "version"};
  return {
      {0, name},                        // the server's name
      {1, std::string(SUMAC_VERSION)},  // and version
      {2, std::string("1.3")},          // of Arrow's format
      {3, true},                        // read-only
      {4, true},                        // SQL
      {5, false},                       // Substrait
      {8, kNoTransactions},
      {9, false},                // cancels by an action: calls are cancelled instead
      {100, kNoTimeout},         // of statements
      {101, kNoTimeout},         // of transactions
      {500, false},              // CREATE of catalogs,
      {501, false},              // of schemas,
      {502, false},              // of tables
      {503, kCaseInsensitive},   // identifiers
      {504, std::string("\"")},  // which quotes them
      {505, kCaseInsensitive},   // quoted identifiers
      {506, true},               // every table can be read
      {507, kNullsAtEnd},        // where ORDER BY puts them
      {509, numeric},
      {510, text},
      {511, system},
      {512, time},
      {513, std::string("\\")},  // escapes % and _ in the patterns of metadata
      {514, std::string()},      // further characters of names
      {515, true},               // AS
      {516, true},               // NULL || 'x' is NULL
      {518, true},               // aliases of tables,
      {519, false},              // which may be the name of a table
      {520, true},               // expressions in ORDER BY,
      {521, true},               // also of columns that are not selected
      {522, kGroupByUnrelatedAndBeyondSelect},
      {523, true},  // ESCAPE
      {524, true},  // columns that are never NULL
      {525, kCoreGrammar},
      {528, kAllJoins},
      {529, std::string("schema")},    // what schemas are called,
      {530, std::string("function")},  // procedures,
      {531, std::string("catalog")},   // catalogs
      {532, int32_t{1}},               // a catalog stands before the name
  };
}

}  // namespace

std::vector<engine::InfoValue> SqlInfosOf(
    const arrow::flight::protocol::sql::CommandGetSqlInfo& command) {
  auto infos = AllInfos();
  if (command.info().empty()) return infos;
  const auto& asked = command.info();
  std::erase_if(infos, [&asked](const engine::InfoValue& info) {
    return std::find(asked.begin(), asked.end(), info.name) == asked.end();
  });
  return infos;
}

}  // namespace sumac::server
