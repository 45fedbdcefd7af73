#include "aws/table_arn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(TableArnTest, GivesTheParts) {
  const auto arn = ParseTableArn("arn:aws-cn:dynamodb:cn-north-1:111122223333:table/My_table-1.x");
  ASSERT_TRUE(arn);
  ASSERT_TRUE(*arn);
  EXPECT_EQ((*arn)->partition, "aws-cn");
  EXPECT_EQ((*arn)->region, "cn-north-1");
  EXPECT_EQ((*arn)->account_id, "111122223333");
  EXPECT_EQ((*arn)->table_name, "My_table-1.x");
  // As DynamoDB Local writes it.
  EXPECT_TRUE(ParseTableArn("arn:aws:dynamodb:ddblocal:000000000000:table/users").value());
  const std::string longest(255, 'x');
  EXPECT_TRUE(ParseTableArn("arn:aws:dynamodb:us-east-1:111122223333:table/" + longest).value());
}

TEST(TableArnTest, APlainNameIsNone) {
  for (const char* name : {"", "users", "arn", "arn.aws", "ARN:aws:dynamodb", " arn:aws"}) {
    const auto arn = ParseTableArn(name);
    ASSERT_TRUE(arn) << name;
    EXPECT_FALSE(*arn) << name;
  }
}

TEST(TableArnTest, RefusesOtherArns) {
  for (const std::string text :
       {"arn:", "arn:aws", "arn:aws:dynamodb:us-east-1:111122223333",
        "arn:aws:dynamodb:us-east-1:111122223333:", "arn:aws:dynamodb:us-east-1:111122223333:table",
        "arn:aws:dynamodb:us-east-1:111122223333:table/",
        "arn:aws:dynamodb:us-east-1:111122223333:table/users/index/by_name",
        "arn:aws:dynamodb:us-east-1:111122223333:table/users/stream/2024-01-01T00:00:00.000",
        "arn:aws:dynamodb:us-east-1:111122223333:table:users",
        "arn:aws:dynamodb:us-east-1:111122223333:global-table/users",
        "arn:aws:dynamodb:us-east-1:11112222333:table/users",
        "arn:aws:dynamodb:us-east-1:11112222333x:table/users",
        "arn:aws:dynamodb:us-east-1::table/users", "arn:aws:dynamodb::111122223333:table/users",
        "arn::dynamodb:us-east-1:111122223333:table/users",
        "arn:aws:s3:us-east-1:111122223333:table/users",
        "arn:aws:dynamodb:evil.example.com/:111122223333:table/users",
        "arn:aws:dynamodb:us-east-1:111122223333:table/us ers",
        "arn:aws:dynamodb:us-east-1:111122223333:table/users\n"}) {
    const auto arn = ParseTableArn(text);
    ASSERT_FALSE(arn) << text;
    EXPECT_EQ(arn.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(arn.error().message, HasSubstr("one looks like arn:aws:dynamodb:us-west-2:"));
    EXPECT_THAT(arn.error().message, Not(HasSubstr("\n")));
  }
  const std::string too_long(256, 'x');
  EXPECT_FALSE(ParseTableArn("arn:aws:dynamodb:us-east-1:111122223333:table/" + too_long));
}

TEST(ArnTest, GivesTheParts) {
  const auto arn = ParseArn("arn:aws:iam::111122223333:role/a:b");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->partition, "aws");
  EXPECT_EQ(arn->service, "iam");
  EXPECT_EQ(arn->region, "");
  EXPECT_EQ(arn->account_id, "111122223333");
  EXPECT_EQ(arn->resource, "role/a:b");
  for (const char* text : {"", "arn", "arn:::::", "arn:aws:iam:::", "arn::iam:::x", "arn:aws::::x",
                           "urn:aws:iam:::x", "arn:aws:iam::x"}) {
    EXPECT_FALSE(ParseArn(text)) << text;
  }
}

}  // namespace
}  // namespace sumac::aws
