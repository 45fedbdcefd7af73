#include "base/result.h"

#include <gtest/gtest.h>

namespace sumac {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Fail(ErrorCode::kInvalidArgument, "odd");
  return value / 2;
}

Result<int> Quarter(int value) {
  SUMAC_ASSIGN_OR_RETURN(const int half, Half(value));
  return Half(half);
}

Status Check(int value) {
  SUMAC_RETURN_IF_ERROR(Half(value));
  return {};
}

TEST(Result, MacrosPassValuesAndErrors) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(6).error().message, "odd");
  EXPECT_TRUE(Check(2).has_value());
  EXPECT_EQ(Check(1).error().code, ErrorCode::kInvalidArgument);
}

TEST(Error, ContextComesFirst) {
  EXPECT_EQ(UserError(ErrorCode::kNotFound, "gone").WithContext("dataset 'users'").message,
            "dataset 'users': gone");
}

}  // namespace
}  // namespace sumac
