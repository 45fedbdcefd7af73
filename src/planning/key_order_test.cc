#include "planning/key_order.h"

#include <gtest/gtest.h>

namespace sumac::planning {
namespace {

using duckdb::LogicalType;
using dynamodb::KeyType;
using items::Encoding;

struct Case {
  const char* what;
  KeyType key;
  Encoding encoding;
  LogicalType type;
  std::optional<KeyOrder> order;
};

items::Column SortKey(Encoding encoding, const LogicalType& type) {
  items::Column column;
  column.attribute_name = "sort";
  column.sql_name = "sort";
  column.shape.encoding = encoding;
  column.shape.type = type;
  return column;
}

TEST(KeyOrderTest, HoldsWhereSqlSortsAsTheServiceDoes) {
  const KeyOrder always{false, false};
  const KeyOrder some_are_null{true, false};
  const Case cases[] = {
      {"text", KeyType::kString, Encoding::kText, LogicalType::VARCHAR, always},
      {"text that could be nested", KeyType::kString, Encoding::kTextOrJson, LogicalType::VARCHAR,
       always},
      {"text of a collation", KeyType::kString, Encoding::kText,
       LogicalType::VARCHAR_COLLATION("nocase"), std::nullopt},
      {"JSON has quotes around text", KeyType::kString, Encoding::kJson, LogicalType::JSON(),
       std::nullopt},
      {"layouts need not sort", KeyType::kString, Encoding::kTimestamp, LogicalType::TIMESTAMP,
       std::nullopt},
      {"numbers read from text", KeyType::kString, Encoding::kBigint, LogicalType::BIGINT,
       std::nullopt},
      {"integers", KeyType::kNumber, Encoding::kBigint, LogicalType::BIGINT, some_are_null},
      {"small integers", KeyType::kNumber, Encoding::kInteger, LogicalType::TINYINT, some_are_null},
      {"decimals", KeyType::kNumber, Encoding::kDecimal, LogicalType::DECIMAL(9, 2), some_are_null},
      {"doubles", KeyType::kNumber, Encoding::kDouble, LogicalType::DOUBLE, some_are_null},
      {"rounded numbers", KeyType::kNumber, Encoding::kNearestDouble, LogicalType::DOUBLE,
       KeyOrder{true, true}},
      {"floats", KeyType::kNumber, Encoding::kNearestDouble, LogicalType::FLOAT, std::nullopt},
      {"numbers as text", KeyType::kNumber, Encoding::kText, LogicalType::VARCHAR, std::nullopt},
      {"bytes", KeyType::kBinary, Encoding::kBinary, LogicalType::BLOB, always},
      {"bytes as base64", KeyType::kBinary, Encoding::kText, LogicalType::VARCHAR, std::nullopt},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(OrderOfKey(SortKey(test.encoding, test.type), {"sort", test.key}), test.order)
        << test.what;
  }
}

TEST(KeyOrderTest, IsOfTheKeyItself) {
  const dynamodb::KeyAttribute key{"sort", KeyType::kNumber};
  auto column = SortKey(Encoding::kBigint, LogicalType::BIGINT);
  ASSERT_TRUE(OrderOfKey(column, key));
  EXPECT_FALSE(OrderOfKey(column, {"other", KeyType::kNumber}));
  column.path = {"inner"};
  EXPECT_FALSE(OrderOfKey(column, key));
  column.path.clear();
  column.catch_all = true;
  EXPECT_FALSE(OrderOfKey(column, key));
}

}  // namespace
}  // namespace sumac::planning
