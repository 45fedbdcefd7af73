#include "aws/settings.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() : path_(fs::path(testing::TempDir()) / ("settings-" + std::to_string(getpid()))) {}
  ~SettingsTest() override { fs::remove(path_); }

  Result<Settings> Load(Environment environment, const std::string& config = "",
                        const std::string& profile = "") {
    std::ofstream(path_, std::ios::trunc) << config;
    environment["AWS_CONFIG_FILE"] = path_;
    return Settings::Load(environment, profile);
  }

  const fs::path path_;
};

TEST_F(SettingsTest, RegionPrecedence) {
  struct Case {
    Environment environment;
    std::string config;
    std::string profile;
    std::string region;
    std::string source;
  };
  const std::string config =
      "[default]\nregion = of-default\n[profile dev]\nregion = of-dev\n[profile none]\noutput = "
      "x\n";
  const Case cases[] = {
      {{{"AWS_REGION", "a"}, {"AWS_DEFAULT_REGION", "b"}}, config, "", "a", "AWS_REGION"},
      {{{"AWS_REGION", ""}, {"AWS_DEFAULT_REGION", "b"}}, config, "", "b", "AWS_DEFAULT_REGION"},
      {{{"AWS_REGION", "a"}}, config, "dev", "a", "AWS_REGION"},
      {{}, config, "", "of-default", "profile 'default'"},
      {{}, config, "dev", "of-dev", "profile 'dev'"},
      {{{"AWS_PROFILE", "dev"}}, config, "", "of-dev", "profile 'dev'"},
      {{{"AWS_PROFILE", "dev"}}, config, "default", "of-default", "profile 'default'"},
  };
  for (const auto& [environment, text, profile, region, source] : cases) {
    const auto settings = Load(environment, text, profile);
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->region(), region);
    EXPECT_EQ(settings->region_source(), source);
  }
  EXPECT_EQ(Load({}, "")->region(), "");
  EXPECT_EQ(Load({}, config, "none")->region(), "");
}

TEST_F(SettingsTest, AProfileThatTheCallerNamesMustExist) {
  const auto missing = Load({}, "[default]\nregion = r\n", "gone");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(missing.error().message,
              AllOf(HasSubstr("no profile 'gone'"), HasSubstr(path_.string())));
  // One that AWS_PROFILE names is missed by the search for credentials.
  const auto later = Load({{"AWS_PROFILE", "gone"}}, "[default]\nregion = r\n");
  ASSERT_TRUE(later);
  EXPECT_EQ(later->region(), "");
  EXPECT_TRUE(later->profile_name().is_explicit);
  EXPECT_FALSE(Load({}, "[default\n"));
}

TEST_F(SettingsTest, EndpointUrlPrecedence) {
  struct Case {
    Environment environment;
    std::string config;
    std::string dynamodb;
    std::string sts;
  };
  const std::string profile =
      "[default]\nendpoint_url = http://profile\nservices = s\n"
      "[services s]\ndynamodb =\n  endpoint_url = http://service\n";
  const Case cases[] = {
      {{}, "", "", ""},
      {{{"AWS_ENDPOINT_URL_DYNAMODB", "http://a"}, {"AWS_ENDPOINT_URL", "http://b"}},
       profile,
       "http://a",
       "http://b"},
      {{{"AWS_ENDPOINT_URL", "http://b"}}, profile, "http://b", "http://b"},
      {{{"AWS_ENDPOINT_URL_STS", "http://c"}}, profile, "http://service", "http://c"},
      {{{"AWS_ENDPOINT_URL_STS", ""}, {"AWS_ENDPOINT_URL", ""}},
       profile,
       "http://service",
       "http://profile"},
      {{}, "[default]\nendpoint_url = http://profile\n", "http://profile", "http://profile"},
      {{},
       "[default]\nservices = gone\nendpoint_url = http://profile\n",
       "http://profile",
       "http://profile"},
      // A block without the setting, or with an empty one, says nothing.
      {{},
       "[default]\nservices = s\nendpoint_url = http://p\n[services s]\ndynamodb =\n  x = y\n"
       "sts =\n  endpoint_url =\n",
       "http://p",
       "http://p"},
      // The section counts only when a profile names it.
      {{},
       "[default]\nregion = r\n[services s]\ndynamodb =\n  endpoint_url = http://service\n",
       "",
       ""},
      // Switched off, from either side; the environment wins.
      {{{"AWS_ENDPOINT_URL", "http://b"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
       profile,
       "",
       ""},
      {{{"AWS_ENDPOINT_URL", "http://b"}},
       "[default]\nignore_configured_endpoint_urls = TRUE\n",
       "",
       ""},
      {{{"AWS_ENDPOINT_URL", "http://b"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false"}},
       "[default]\nignore_configured_endpoint_urls = true\n",
       "http://b",
       "http://b"},
  };
  for (const auto& [environment, config, dynamodb, sts] : cases) {
    const auto settings = Load(environment, config);
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->EndpointUrl(Service::kDynamoDb), dynamodb) << config;
    EXPECT_EQ(settings->EndpointUrl(Service::kSts), sts) << config;
  }
}

TEST_F(SettingsTest, EveryServiceHasItsNames) {
  struct Names {
    Service service;
    std::string variable;
    std::string key;
  };
  const Names services[] = {
      {Service::kDynamoDb, "AWS_ENDPOINT_URL_DYNAMODB", "dynamodb"},
      {Service::kDynamoDbStreams, "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "dynamodb_streams"},
      {Service::kSts, "AWS_ENDPOINT_URL_STS", "sts"},
      {Service::kSso, "AWS_ENDPOINT_URL_SSO", "sso"},
      {Service::kSsoOidc, "AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"},
  };
  for (const auto& [service, variable, key] : services) {
    const auto from_variable = Load({{variable, "http://v"}});
    const auto from_file = Load(
        {}, "[default]\nservices = s\n[services s]\n" + key + " =\n  endpoint_url = http://f\n");
    for (const auto& other : services) {
      const bool same = other.service == service;
      EXPECT_EQ(from_variable->EndpointUrl(other.service), same ? "http://v" : "") << variable;
      EXPECT_EQ(from_file->EndpointUrl(other.service), same ? "http://f" : "") << key;
    }
  }
}

TEST_F(SettingsTest, WhereTheIdentityServicesAre) {
  struct Case {
    Environment environment;
    Service service;
    std::string region;
    std::string url;  // empty: an error
  };
  const Case cases[] = {
      {{}, Service::kSts, "eu-west-1", "https://sts.eu-west-1.amazonaws.com"},
      {{}, Service::kSso, "eu-west-1", "https://portal.sso.eu-west-1.amazonaws.com"},
      {{}, Service::kSsoOidc, "eu-west-1", "https://oidc.eu-west-1.amazonaws.com"},
      {{{"AWS_USE_FIPS_ENDPOINT", "true"}},
       Service::kSts,
       "us-east-1",
       "https://sts-fips.us-east-1.amazonaws.com"},
      {{{"AWS_ENDPOINT_URL_STS", "http://127.0.0.1:99//"}},
       Service::kSts,
       "",
       "http://127.0.0.1:99"},
      {{{"AWS_ENDPOINT_URL_STS", "127.0.0.1:99"}}, Service::kSts, "eu-west-1", ""},
      {{{"AWS_ENDPOINT_URL_STS", "http://user:password@h"}}, Service::kSts, "eu-west-1", ""},
      {{{"AWS_ENDPOINT_URL_STS", "http://h/path?query"}}, Service::kSts, "eu-west-1", ""},
      {{}, Service::kSts, "", ""},
      {{}, Service::kSts, "evil.example/", ""},
      {{}, Service::kDynamoDb, "eu-west-1", ""},
  };
  for (const auto& [environment, service, region, expected] : cases) {
    const auto url = Load(environment)->ServiceEndpoint(service, region);
    EXPECT_EQ(url.value_or(""), expected);
  }
}

TEST_F(SettingsTest, FlagsTakeTrueOrFalse) {
  struct Flag {
    std::string variable;
    std::string key;
    bool (Settings::*get)() const;
  };
  const Flag flags[] = {
      {"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", &Settings::use_fips},
      {"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", &Settings::use_dualstack},
  };
  for (const auto& [variable, key, get] : flags) {
    EXPECT_FALSE(((*Load({})).*get)());
    EXPECT_TRUE(((*Load({{variable, "True"}})).*get)());
    EXPECT_TRUE(((*Load({}, "[default]\n" + key + " = true\n")).*get)());
    EXPECT_FALSE(((*Load({{variable, "FALSE"}}, "[default]\n" + key + " = true\n")).*get)());
    for (const char* wrong : {"yes", "1", "0", "on", "tru"}) {
      for (const auto& settings :
           {Load({{variable, wrong}}), Load({}, "[default]\n" + key + " = " + wrong + "\n")}) {
        ASSERT_FALSE(settings) << wrong;
        EXPECT_EQ(settings.error().code, ErrorCode::kInvalidArgument);
        EXPECT_THAT(settings.error().message, AllOf(HasSubstr(variable), HasSubstr(key)));
      }
    }
  }
  EXPECT_EQ(Load({})->account_id_endpoint_mode(), AccountIdEndpointMode::kPreferred);
  EXPECT_EQ(Load({{"AWS_ACCOUNT_ID_ENDPOINT_MODE", "Disabled"}})->account_id_endpoint_mode(),
            AccountIdEndpointMode::kDisabled);
  EXPECT_EQ(
      Load({}, "[default]\naccount_id_endpoint_mode = required\n")->account_id_endpoint_mode(),
      AccountIdEndpointMode::kRequired);
  EXPECT_FALSE(Load({{"AWS_ACCOUNT_ID_ENDPOINT_MODE", "sometimes"}}));
  EXPECT_FALSE(Load({{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "maybe"}}));
}

// The profile lives in the files, wherever the settings are moved or copied to.
TEST_F(SettingsTest, AreAValue) {
  const std::string config = "[default]\nendpoint_url = http://p\n";
  auto first = std::make_unique<Settings>(*Load({}, config));
  const Settings copy = *first;
  const Settings moved = std::move(*first);
  first.reset();
  EXPECT_EQ(copy.EndpointUrl(Service::kSts), "http://p");
  EXPECT_EQ(moved.EndpointUrl(Service::kSts), "http://p");
}

}  // namespace
}  // namespace sumac::aws
