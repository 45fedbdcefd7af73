#include "aws/region.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::HasSubstr;

TEST(RegionTest, TakesWhatCanBeOne) {
  for (const char* text : {"us-west-2", "eu-isoe-west-1", "local", "mars-north-1"}) {
    EXPECT_EQ(CheckRegion(text, "AWS_REGION").value(), text);
  }
}

// A region becomes a part of a host name.
TEST(RegionTest, RefusesWhatCouldLeadElsewhere) {
  for (const char* text : {"", "us west", "US-WEST-2", "evil.example.com/", "a/b", "-x", "x-",
                           "a\nb", "us-west-2.evil", "@evil"}) {
    const auto region = CheckRegion(text, "AWS_REGION");
    ASSERT_FALSE(region) << text;
    EXPECT_THAT(region.error().message, HasSubstr("AWS_REGION"));
  }
  EXPECT_FALSE(CheckRegion(std::string(64, 'a'), "AWS_REGION"));
  // What an instance says of itself is shown as one short, harmless line.
  const auto hostile = CheckRegion("\x1b[31m\n" + std::string(5000, 'y'), "EC2 instance metadata");
  EXPECT_THAT(hostile.error().message, testing::Not(HasSubstr("\x1b")));
  EXPECT_LT(hostile.error().message.size(), 200u);
}

}  // namespace
}  // namespace sumac::aws
