#include "cli/sql_completion.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

using Names = std::vector<std::string>;

const std::vector<KnownTable> kTables = {
    {"public",
     "users",
     {{"id", "BIGINT"},
      {"email", "VARCHAR"},
      {"address",
       "STRUCT(city VARCHAR, \"zip code\" VARCHAR, "
       "geo STRUCT(lat DOUBLE, lon DECIMAL(9, 6)))"}}},
    {"public", "user events", {{"at", "TIMESTAMP"}}},
    {"sales", "orders", {{"total", "DOUBLE"}}},
};

// The cursor is at '|'.
SqlCompletion At(const std::string& text) {
  const size_t cursor = text.find('|');
  return CompleteSql(text.substr(0, cursor), text.substr(cursor + 1), kTables);
}

TEST(SqlCompletion, KnowsWhatFits) {
  const struct {
    const char* text;
    Names candidates;
  } cases[] = {
      {"SELECT * FROM us|", {"users", "\"user events\""}},
      {"select * from |", {"users", "\"user events\"", "sales.orders"}},
      {"SELECT e| FROM users", {"email", "else", "end", "except", "exists", "explain"}},
      {"SELECT em|", {}},
      {"SELECT u.e| FROM users AS u", {"u.email"}},
      {"SELECT users.ad| FROM users", {"users.address"}},
      {"SELECT address.| FROM users", {"address.city", "address.\"zip code\"", "address.geo"}},
      {"SELECT u.address.geo.l| FROM users u", {"u.address.geo.lat", "u.address.geo.lon"}},
      {"SELECT address.nothing.| FROM users", {}},
      {"SELECT * FROM sales.|", {"sales.orders"}},
      {"SELECT * FROM sal|", {"sales.orders"}},
      {"SELECT to| FROM sales.orders", {"total"}},
      {"SELECT \"a| FROM \"user events\"", {"at"}},
      {"sel|", {"select"}},
      {"SEL|", {"SELECT"}},
      {"DESCRIBE use|", {"users", "\"user events\""}},
      {"\\d or|", {"sales.orders"}},
  };
  for (const auto& [text, candidates] : cases) {
    EXPECT_EQ(At(text).candidates, candidates) << text;
  }
  EXPECT_EQ(At("SELECT u.address.geo.l| FROM users u").replaced, 15u);
  EXPECT_EQ(At("SELECT * FROM |").replaced, 0u);
}

TEST(SqlCompletion, ReadsTables) {
  const auto tables = ReadKnownTables(
      "table_schema,table_name,column_name,data_type\n"
      "public,a,x,BIGINT\n"
      "public,a,\"y,\"\"z\",\"STRUCT(b VARCHAR, c DATE)\"\n"
      "s,b,w,VARCHAR\n");
  ASSERT_EQ(tables.size(), 2);
  ASSERT_EQ(tables[0].columns.size(), 2);
  EXPECT_EQ(tables[0].columns[1].name, "y,\"z");
  EXPECT_EQ(FieldsOf(tables[0].columns[1].type).size(), 2);
  EXPECT_EQ(tables[1].schema, "s");
  EXPECT_TRUE(FieldsOf("STRUCT(a INTEGER)[]").empty());
  EXPECT_TRUE(FieldsOf("VARCHAR").empty());
}

}  // namespace
}  // namespace sumac::cli
