#include "datasets/declared_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

spicepod::Column Column(const std::string& name, const std::string& type,
                        spicepod::Metadata metadata = {}) {
  spicepod::Column column;
  column.name = name;
  column.type = type;
  column.metadata = std::move(metadata);
  return column;
}

TEST(DeclaredColumns, AreReadWithTheirTypes) {
  const auto columns =
      ReadDeclaredColumns({Column("a", "bigint"), Column("b", ""), Column("c", "List(Utf8)"),
                           Column("rest", "", {{"json_object", "*"}})});
  ASSERT_TRUE(columns) << columns.error().message;
  ASSERT_EQ(columns->size(), 4u);
  EXPECT_EQ((*columns)[0].type, duckdb::LogicalType::BIGINT);
  EXPECT_FALSE((*columns)[1].type.has_value());
  EXPECT_EQ((*columns)[2].type->ToString(), "VARCHAR[]");
  EXPECT_TRUE((*columns)[3].json_object);
}

TEST(DeclaredColumns, SayWhatIsWrong) {
  const struct {
    std::vector<spicepod::Column> columns;
    const char* message;
  } cases[] = {
      {{Column("a", "bigint"), Column("a", "")}, "column 'a' is given twice under 'columns'"},
      {{Column("a", "nonsense")}, "column 'a': "},
      {{Column("a", "TIME")}, "column 'a': "},
      {{Column("a", "", {{"json_object", "some"}})},
       "Column 'a' has invalid 'json_object' value: 'some'. Only '*' is supported."},
  };
  for (const auto& one : cases) {
    const auto columns = ReadDeclaredColumns(one.columns);
    ASSERT_FALSE(columns) << one.message;
    EXPECT_THAT(columns.error().message, testing::StartsWith(one.message));
  }
}

}  // namespace
}  // namespace sumac::datasets
