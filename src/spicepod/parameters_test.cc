#include "spicepod/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::spicepod {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<ParameterSpecification> kKnown = {
    {"aws_region", ParameterSpecification::Prefix::kRequired, false, true},
    {"aws_auth", ParameterSpecification::Prefix::kRequired, false, false},
    {"scan_segments", ParameterSpecification::Prefix::kOptional, false, true}};

Result<CheckedParameters> Check(const std::vector<std::string>& names) {
  ParameterList parameters;
  int line = 1;
  for (const auto& name : names) parameters.push_back({name, {"value", {"p.yaml", line++, 3}}});
  return CheckParameters("users", parameters, "dynamodb", kKnown);
}

TEST(ParametersTest, TakesTheNamesOfSpiceAndItsOwnInBothForms) {
  const auto checked = Check({"dynamodb_aws_region", "scan_segments"});
  ASSERT_TRUE(checked);
  EXPECT_THAT(checked->warnings, IsEmpty());
  ASSERT_EQ(checked->values.size(), 2u);
  EXPECT_EQ(checked->values[0].first, "aws_region");
  EXPECT_EQ(checked->values[1].first, "scan_segments");
  EXPECT_EQ(Check({"dynamodb_scan_segments"})->values.at(0).first, "scan_segments");
}

TEST(ParametersTest, WarnsAsSpiceDoes) {
  const auto checked = Check({"aws_region", "dynamodb_aws_regoin", "zzz", "dynamodb_aws_auth",
                              "scan_segmnts", "dynamodb_scan_segmnts"});
  ASSERT_TRUE(checked);
  EXPECT_THAT(checked->values, IsEmpty());
  EXPECT_THAT(
      checked->warnings,
      ElementsAre(
          "p.yaml:1:3: Ignoring parameter 'aws_region': must be prefixed with 'dynamodb_' for "
          "dynamodb dataset 'users'",
          "p.yaml:2:3: Ignoring parameter 'dynamodb_aws_regoin': not supported for dynamodb "
          "dataset "
          "'users'; did you mean 'dynamodb_aws_region'?",
          "p.yaml:3:3: Ignoring parameter 'zzz': not supported for dynamodb dataset 'users'",
          "p.yaml:4:3: parameter 'dynamodb_aws_auth' is not acted on by this version of Sumac",
          // Where the prefix is a matter of taste, the hint is in the writer's.
          "p.yaml:5:3: Ignoring parameter 'scan_segmnts': not supported for dynamodb dataset "
          "'users'; did you mean 'scan_segments'?",
          "p.yaml:6:3: Ignoring parameter 'dynamodb_scan_segmnts': not supported for dynamodb "
          "dataset 'users'; did you mean 'dynamodb_scan_segments'?"));
}

TEST(ParametersTest, RefusesBothFormsOfOne) {
  const auto checked = Check({"scan_segments", "dynamodb_scan_segments"});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message,
            "p.yaml:2:3: parameter 'scan_segments' is given twice for dynamodb dataset 'users'");
}

TEST(ParametersTest, AWarningIsOneLine) {
  const auto checked = Check({"x\ny\x1b[31m"});
  EXPECT_THAT(checked->warnings,
              ElementsAre("p.yaml:1:3: Ignoring parameter 'x\\ny\\x1b[31m': not supported for "
                          "dynamodb dataset 'users'"));
}

}  // namespace
}  // namespace sumac::spicepod
