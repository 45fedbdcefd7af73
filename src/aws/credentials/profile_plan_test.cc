#include "aws/credentials/profile_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

const char* NameOf(ProfileBase base) {
  switch (base) {
    case ProfileBase::kStaticKeys:
      return "keys";
    case ProfileBase::kSso:
      return "sso";
    case ProfileBase::kWebIdentity:
      return "web identity";
    case ProfileBase::kProcess:
      return "process";
    case ProfileBase::kEnvironment:
      return "environment";
    case ProfileBase::kContainer:
      return "container";
    case ProfileBase::kInstanceMetadata:
      return "instance metadata";
  }
  return "";
}

// "keys of base, role A by a (session s, external e, 900 s)": the first keys, then each role with
// the profile that asks for it.
std::string TextOf(const ProfilePlan& plan) {
  std::string text = std::string(NameOf(plan.base)) + " of " + plan.profile->name();
  for (const auto& hop : plan.roles) {
    text += ", role " + hop.role_arn + " by " + hop.profile_name;
    if (!hop.role_session_name.empty()) text += " session " + hop.role_session_name;
    if (!hop.external_id.empty()) text += " external " + hop.external_id;
    if (hop.duration_seconds) text += " for " + std::to_string(*hop.duration_seconds);
  }
  return text;
}

Result<ProfilePlan> Plan(const Result<ProfileFiles>& files, const std::string& profile) {
  if (!files) return Fail(files.error());
  return PlanProfile(*files,
                     profile.empty() ? ProfileName{"default", false} : ProfileName{profile, true});
}

struct GoodCase {
  std::string config;
  std::string credentials;
  std::string profile;  // empty: the default, which nobody named
  std::string plan;
};

const char kKeys[] = "aws_access_key_id = AKID\naws_secret_access_key = S\n";

TEST(ProfilePlanTest, FindsTheFirstKeysAndTheRoles) {
  const std::string keys = kKeys;
  const std::string base = "[profile base]\n" + keys;
  const GoodCase cases[] = {
      // Every base by itself.
      {"[default]\n" + keys, "", "", "keys of default"},
      {"", "[default]\n" + keys, "", "keys of default"},
      {"", "[dev]\n" + keys, "dev", "keys of dev"},
      {"[profile dev]\nsso_session = s\nsso_account_id = 1\n", "", "dev", "sso of dev"},
      {"[profile dev]\nsso_start_url = https://x\n", "", "dev", "sso of dev"},
      {"[profile dev]\nsso_account_id = 1\n", "", "dev", "sso of dev"},
      {"[profile dev]\ncredential_process = /p\n", "", "dev", "process of dev"},
      {"[profile dev]\nrole_arn = R\nweb_identity_token_file = /t\n", "", "dev",
       "web identity of dev"},
      {"[profile dev]\nrole_arn = R\ncredential_source = Environment\n", "", "dev",
       "environment of dev, role R by dev"},
      {"[profile dev]\nrole_arn = R\ncredential_source = EcsContainer\n", "", "dev",
       "container of dev, role R by dev"},
      {"[profile dev]\nrole_arn = R\ncredential_source = Ec2InstanceMetadata\n", "", "dev",
       "instance metadata of dev, role R by dev"},
      // Half a pair of keys is this profile's own failure, not another source.
      {"[default]\naws_access_key_id = AKID\n", "", "", "keys of default"},
      {"[default]\naws_secret_access_key = S\n", "", "", "keys of default"},

      // Precedence: SSO, then the process, then the keys.
      {"[default]\nsso_session = s\ncredential_process = /p\n" + keys, "", "", "sso of default"},
      {"[default]\nsso_start_url = u\nlogin_session = l\n", "", "", "sso of default"},
      {"[default]\ncredential_process = /p\n" + keys, "", "", "process of default"},
      // A role before everything else that the profile holds.
      {base + "[profile dev]\nrole_arn = R\nsource_profile = base\nsso_session = s\n" + keys, "",
       "dev", "keys of base, role R by dev"},
      {"[profile dev]\nrole_arn = R\nweb_identity_token_file = /t\nsso_session = s\n", "", "dev",
       "web identity of dev"},
      // The token is the stronger proof of who asks: what the SDKs do too.
      {base + "[profile dev]\nrole_arn = R\nweb_identity_token_file = /t\nsource_profile = base\n",
       "", "dev", "web identity of dev"},
      // What is set to nothing is not set.
      {"[default]\nrole_arn =\nsso_session =\n" + keys, "", "", "keys of default"},

      // The credentials file adds to the config file.
      {"[profile dev]\nrole_arn = R\nsource_profile = base\n", "[base]\n" + keys, "dev",
       "keys of base, role R by dev"},
      {"[profile dev]\nregion = r\n", "[dev]\n" + keys, "dev", "keys of dev"},

      // Chains.
      {base + "[profile dev]\nrole_arn = R\nsource_profile = base\n", "", "dev",
       "keys of base, role R by dev"},
      {base + "[profile a]\nrole_arn = A\nsource_profile = b\n"
              "[profile b]\nrole_arn = B\nsource_profile = base\n",
       "", "a", "keys of base, role B by b, role A by a"},
      {"[profile a]\nrole_arn = A\nsource_profile = b\n"
       "[profile b]\nrole_arn = B\ncredential_source = Environment\n",
       "", "a", "environment of b, role B by b, role A by a"},
      {"[profile a]\nrole_arn = A\nsource_profile = b\n"
       "[profile b]\nrole_arn = B\nweb_identity_token_file = /t\n",
       "", "a", "web identity of b, role A by a"},
      {"[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nsso_session = s\n", "", "a",
       "sso of b, role A by a"},
      {"[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\ncredential_process = /p\n", "",
       "a", "process of b, role A by a"},
      {"[profile a]\nrole_arn = A\nsource_profile = default\n[default]\n" + keys, "", "a",
       "keys of default, role A by a"},
      // After the first step keys win over the role beside them, so a circle may end there.
      {base +
           "[profile a]\nrole_arn = A\nsource_profile = b\n"
           "[profile b]\nrole_arn = B\nsource_profile = base\n" +
           keys,
       "", "a", "keys of b, role A by a"},
      {"[profile a]\nrole_arn = A\nsource_profile = b\n"
       "[profile b]\nrole_arn = B\nsource_profile = a\n" +
           keys,
       "", "a", "keys of b, role A by a"},
      // At the first step they do not.
      {base + "[profile a]\nrole_arn = A\nsource_profile = base\n" + keys, "", "a",
       "keys of base, role A by a"},
      // A profile that is its own source lends its own keys.
      {"[profile a]\nrole_arn = A\nsource_profile = a\n" + keys, "", "a", "keys of a, role A by a"},

      // What goes along with a role.
      {base + "[profile dev]\nrole_arn = R\nsource_profile = base\nrole_session_name = me\n"
              "external_id = x-1\nduration_seconds = 900\n",
       "", "dev", "keys of base, role R by dev session me external x-1 for 900"},
      {base + "[profile dev]\nrole_arn = R\nsource_profile = base\nduration_seconds = 43200\n", "",
       "dev", "keys of base, role R by dev for 43200"},
      {base + "[profile a]\nrole_arn = A\nsource_profile = b\nexternal_id = ea\n"
              "[profile b]\nrole_arn = B\nsource_profile = base\nexternal_id = eb\n",
       "", "a", "keys of base, role B by b external eb, role A by a external ea"},
      // A device is asked for by a role only.
      {"[default]\nmfa_serial = m\n" + keys, "", "", "keys of default"},
  };
  for (const auto& [config, credentials, profile, expected] : cases) {
    const auto files = ParseProfileFiles(config, credentials, {});
    const auto plan = Plan(files, profile);
    ASSERT_TRUE(plan) << config << credentials << plan.error().message;
    EXPECT_EQ(TextOf(*plan), expected) << config << credentials;
  }
}

struct BadCase {
  std::string config;
  std::string profile;
  ErrorCode code;
  std::string message;
};

TEST(ProfilePlanTest, SaysWhatIsWrong) {
  const std::string keys = kKeys;
  const std::string base = "[profile base]\n" + keys;
  const auto wrong = ErrorCode::kInvalidArgument;
  const auto lacking = ErrorCode::kNotFound;
  const auto unsupported = ErrorCode::kUnsupported;
  const BadCase cases[] = {
      // Nobody named the default: it may be absent. A profile that was named may not.
      {"", "", lacking, "there is no profile 'default' in /c or /k"},
      {base, "", lacking, "there is no profile 'default'"},
      {base, "default", wrong, "there is no profile 'default'"},
      {base, "bade", wrong, "there is no profile 'bade' in /c or /k; did you mean 'base'?"},
      // One that is there and holds nothing does not hold up the search.
      {"[default]\nregion = r\n", "", lacking, "profile 'default' holds no credentials"},
      {"[profile dev]\nregion = r\n", "dev", lacking, "profile 'dev' holds no credentials"},
      // Without role_arn the other settings of a role do nothing.
      {"[profile dev]\nsource_profile = base\n" + base, "dev", lacking, "holds no credentials"},
      {"[profile dev]\ncredential_source = Environment\n", "dev", lacking, "holds no credentials"},

      {"[profile dev]\nweb_identity_token_file = /t\n", "dev", wrong,
       "has a web_identity_token_file and no role_arn"},
      {"[profile dev]\nrole_arn = R\n", "dev", wrong,
       "has a role_arn and neither source_profile nor credential_source"},
      {"[profile dev]\nrole_arn = R\n" + keys, "dev", wrong, "neither source_profile nor"},
      {"[profile dev]\nrole_arn = R\nsource_profile =\ncredential_source =\n", "dev", wrong,
       "neither source_profile nor"},
      {base +
           "[profile dev]\nrole_arn = R\nsource_profile = base\ncredential_source = Environment\n",
       "dev", wrong, "has both source_profile and credential_source; keep one"},
      {"[profile dev]\nrole_arn = R\ncredential_source = environment\n", "dev", wrong,
       "none of Environment, EcsContainer, Ec2InstanceMetadata"},
      {"[profile dev]\nrole_arn = R\nsource_profile = gone\n", "dev", wrong,
       "profile 'dev' has source_profile 'gone', which does not exist"},
      {"[profile dev]\nrole_arn = R\nsource_profile = empty\n[profile empty]\nregion = r\n", "dev",
       wrong, "profile 'empty' holds no credentials"},

      {"[profile a]\nrole_arn = A\nsource_profile = a\n", "a", wrong,
       "profile 'a' is its own source_profile and holds no keys"},
      {"[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\n"
       "source_profile = a\n",
       "a", wrong, "profile 'b' closes a loop of source_profile: a -> b -> a"},
      {"[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\n"
       "source_profile = c\n[profile c]\nrole_arn = C\nsource_profile = b\n",
       "a", wrong, "a -> b -> c -> b"},

      {base + "[profile dev]\nrole_arn = R\nsource_profile = base\nmfa_serial = m\n", "dev",
       unsupported, "mfa_serial"},
      {base + "[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\n"
              "source_profile = base\nmfa_serial = m\n",
       "a", unsupported, "profile 'b' wants a code of a device"},
      {"[default]\nlogin_session = s\n", "", unsupported, "login_session"},
      {"[default]\nlogin_session = s\n" + keys, "", unsupported, "login_session"},
      {"[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nlogin_session = s\n", "a",
       unsupported, "profile 'b'"},
  };
  for (const auto& [config, profile, code, message] : cases) {
    const auto files = ParseProfileFiles(config, "", {"/c", "/k"});
    const auto plan = Plan(files, profile);
    ASSERT_FALSE(plan) << config << TextOf(*plan);
    EXPECT_EQ(plan.error().code, code) << config << plan.error().message;
    EXPECT_THAT(plan.error().message, HasSubstr(message)) << config;
  }
}

TEST(ProfilePlanTest, DurationIsANumberInItsRange) {
  for (const char* text : {"899", "43201", "0", "-900", "1e3", "900s", "900 900", "99999999999"}) {
    const auto files = ParseProfileFiles("[profile base]\n" + std::string(kKeys) +
                                             "[default]\nrole_arn = R\nsource_profile = base\n" +
                                             "duration_seconds = " + text + "\n",
                                         "", {});
    const auto plan = Plan(files, "");
    ASSERT_FALSE(plan) << text;
    EXPECT_EQ(plan.error().code, ErrorCode::kInvalidArgument) << text;
    EXPECT_THAT(plan.error().message, HasSubstr("duration_seconds that is no number from 900"))
        << text;
  }
}

// As long as the files allow; it ends, and each step is seen once.
TEST(ProfilePlanTest, FollowsALongChain) {
  constexpr int kLength = 500;
  std::string config;
  for (int i = 0; i < kLength; ++i) {
    config += "[profile p" + std::to_string(i) + "]\nrole_arn = R" + std::to_string(i) +
              "\nsource_profile = p" + std::to_string(i + 1) + "\n";
  }
  config += "[profile p" + std::to_string(kLength) + "]\n" + kKeys;
  const auto files = ParseProfileFiles(config, "", {});
  const auto plan = Plan(files, "p0");
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->roles.size(), static_cast<size_t>(kLength));
  EXPECT_EQ(plan->roles.front().role_arn, "R499");
  EXPECT_EQ(plan->roles.back().role_arn, "R0");
}

// Keys are secrets and so may the command be.
TEST(ProfilePlanTest, ErrorsShowNoSecret) {
  const auto files = ParseProfileFiles(
      "[profile a]\nrole_arn = A\naws_secret_access_key = hunter2\naws_session_token = hunter3\n"
      "credential_process = /p --password hunter4\n",
      "", {});
  const auto plan = Plan(files, "a");
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, Not(HasSubstr("hunter")));
}

}  // namespace
}  // namespace sumac::aws
