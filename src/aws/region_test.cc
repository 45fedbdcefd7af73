#include "aws/region.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(RegionTest, ParameterThenEnvironment) {
  const std::map<std::string, std::string> both = {{"AWS_REGION", "eu-west-1"},
                                                   {"AWS_DEFAULT_REGION", "eu-west-2"}};
  EXPECT_EQ(ResolveRegion("us-west-2", both).value(), "us-west-2");
  EXPECT_EQ(ResolveRegion("", both).value(), "eu-west-1");
  EXPECT_EQ(ResolveRegion("", {{"AWS_DEFAULT_REGION", "eu-west-2"}}).value(), "eu-west-2");
  // Set to nothing is not set.
  EXPECT_EQ(ResolveRegion("", {{"AWS_REGION", ""}, {"AWS_DEFAULT_REGION", "eu-west-2"}}).value(),
            "eu-west-2");
}

TEST(RegionTest, SaysWhatToSet) {
  const auto region = ResolveRegion("", {});
  ASSERT_FALSE(region);
  EXPECT_THAT(region.error().message,
              AllOf(HasSubstr("dynamodb_aws_region"), HasSubstr("AWS_REGION"),
                    HasSubstr("AWS_DEFAULT_REGION")));
}

// A region becomes a part of a host name.
TEST(RegionTest, RefusesWhatCouldLeadElsewhere) {
  for (const char* text : {"us west", "US-WEST-2", "evil.example.com/", "a/b", "-x", "x-", "a\nb",
                           "us-west-2.evil", "@evil"}) {
    EXPECT_FALSE(ResolveRegion(text, {})) << text;
    EXPECT_FALSE(ResolveRegion("", {{"AWS_REGION", text}})) << text;
  }
  EXPECT_FALSE(ResolveRegion(std::string(64, 'a'), {}));
}

}  // namespace
}  // namespace sumac::aws
