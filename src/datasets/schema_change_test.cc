#include "datasets/schema_change.h"

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

using duckdb::LogicalType;
using Columns = std::vector<engine::ResultColumn>;

TEST(SchemaChange, ComparesByNameAndType) {
  const Columns before = {{"id", LogicalType::BIGINT},
                          {"name", LogicalType::VARCHAR},
                          {"note", LogicalType::VARCHAR},
                          {"home", LogicalType::STRUCT({{"zip", LogicalType::BIGINT}})}};
  EXPECT_TRUE(CompareColumns(before, before).Empty());
  EXPECT_EQ(DescribeChange("users", {}),
            "The schema of dataset 'users' is up to date: nothing changed.");

  const Columns after = {{"id", LogicalType::DECIMAL(38, 2)},
                         {"Name", LogicalType::VARCHAR},
                         {"name_2", LogicalType::VARCHAR},
                         {"note", LogicalType::JSON()},
                         {"home", LogicalType::STRUCT({{"zip", LogicalType::DOUBLE}})}};
  const auto change = CompareColumns(before, after);
  EXPECT_FALSE(change.Empty());
  EXPECT_EQ(change.added, (std::vector<std::string>{"Name", "name_2"}));
  EXPECT_EQ(change.removed, (std::vector<std::string>{"name"}));
  ASSERT_EQ(change.changed_types.size(), 3);
  EXPECT_EQ(change.changed_types[0].column, "id");
  EXPECT_EQ(change.changed_types[0].from, "BIGINT");
  EXPECT_EQ(change.changed_types[0].to, "DECIMAL(38,2)");
  // JSON is text by another name, and yet another type.
  EXPECT_EQ(change.changed_types[1].to, "JSON");
  EXPECT_EQ(change.changed_types[2].to, "STRUCT(zip DOUBLE)");
  EXPECT_EQ(DescribeChange("users", change),
            "The schema of dataset 'users' was refreshed: 2 columns added, 1 column removed, 3 "
            "columns of another type.");
}

TEST(SchemaChange, AllIsNewWhereNothingWas) {
  EXPECT_EQ(CompareColumns({}, {{"id", LogicalType::BIGINT}}).added,
            std::vector<std::string>{"id"});
}

}  // namespace
}  // namespace sumac::datasets
