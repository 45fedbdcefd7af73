#include "server/flight/metadata.h"

#include <gmock/gmock.h>

#include "server/flight/sql_info.h"
#include "server/http/fake_backend.h"

namespace sumac::server {
namespace {

// The rows, a line each, values joined by '|'.
std::string Answer(const FlightCommand& command) {
  FakeBackend backend;
  const auto rows = AnswerMetadata(command, backend);
  if (!rows) return "error: " + rows.error().message;
  std::string text;
  for (const auto& row : *rows) {
    EXPECT_EQ(row.size(), MetadataColumns(command).size());
    std::string line;
    for (const auto& value : row) line += (line.empty() ? "" : "|") + value.ToString();
    text += line + "\n";
  }
  return text;
}

flight_sql::CommandGetPrimaryKeys KeysOf(const std::string& table) {
  flight_sql::CommandGetPrimaryKeys command;
  command.set_table(table);
  return command;
}

TEST(Metadata, PrimaryKeysAreThoseOfTheTable) {
  EXPECT_EQ(Answer(KeysOf("users")),
            "spice|public|users|id|NULL|1\nspice|public|users|at|NULL|2\n");
  EXPECT_EQ(Answer(KeysOf("USERS")), Answer(KeysOf("users")));
  EXPECT_EQ(Answer(KeysOf("nothing")), "");
  auto of_other = KeysOf("users");
  of_other.set_db_schema("other");
  EXPECT_EQ(Answer(of_other), "");
  of_other.set_db_schema("public");
  of_other.set_catalog("spice");
  EXPECT_EQ(Answer(of_other), Answer(KeysOf("users")));
  of_other.set_catalog("other");
  EXPECT_EQ(Answer(of_other), "");
}

TEST(Metadata, NothingRefersToKeysOfOthers) {
  EXPECT_EQ(Answer(flight_sql::CommandGetExportedKeys()), "");
  EXPECT_EQ(Answer(flight_sql::CommandGetImportedKeys()), "");
  EXPECT_EQ(Answer(flight_sql::CommandGetCrossReference()), "");
  EXPECT_EQ(MetadataColumns(flight_sql::CommandGetCrossReference()).size(), 13U);
}

TEST(Metadata, ListsCatalogsAndTableTypes) {
  EXPECT_EQ(Answer(flight_sql::CommandGetCatalogs()), "spice\n");
  EXPECT_EQ(Answer(flight_sql::CommandGetTableTypes()), "BASE TABLE\nVIEW\n");
}

TEST(Metadata, TypesHaveRowsForTheirColumns) {
  const std::string all = Answer(flight_sql::CommandGetXdbcTypeInfo());
  EXPECT_THAT(all, testing::HasSubstr("\nVARCHAR|12|2147483647|'|'|NULL|1|true|3|"));
  flight_sql::CommandGetXdbcTypeInfo decimals;
  decimals.set_data_type(3);
  EXPECT_EQ(Answer(decimals),
            "DECIMAL|3|38|NULL|NULL|[precision, "
            "scale]|1|false|3|false|false|false|DECIMAL|0|38|3|NULL|10|NULL\n"
            "HUGEINT|3|38|NULL|NULL|NULL|1|false|3|false|false|false|HUGEINT|0|0|3|NULL|10|NULL\n");
}

TEST(Metadata, IsNoQuery) {
  EXPECT_FALSE(IsMetadataCommand(StatementText{"SELECT 1"}));
  EXPECT_FALSE(IsMetadataCommand(flight_sql::CommandPreparedStatementQuery()));
  EXPECT_FALSE(IsMetadataCommand(flight_sql::CommandGetSqlInfo()));
  EXPECT_TRUE(IsMetadataCommand(flight_sql::CommandGetTables()));
}

TEST(SqlInfo, HasWhatIsAskedFor) {
  flight_sql::CommandGetSqlInfo command;
  const auto all = SqlInfosOf(command);
  EXPECT_GT(all.size(), 30U);
  command.add_info(3);
  command.add_info(0);
  command.add_info(12345);
  const auto some = SqlInfosOf(command);
  ASSERT_EQ(some.size(), 2U);
  EXPECT_EQ(std::get<std::string>(some[0].value), "Sumac");
  EXPECT_TRUE(std::get<bool>(some[1].value));
}

}  // namespace
}  // namespace sumac::server
