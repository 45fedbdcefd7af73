#include "aws/profile_files.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using Environment = std::map<std::string, std::string>;

TEST(ProfileFilePathsTest, FromTheEnvironment) {
  struct Case {
    Environment environment;
    std::string config;
    std::string credentials;
  };
  const Case cases[] = {
      {{}, "", ""},
      {{{"HOME", "/h"}}, "/h/.aws/config", "/h/.aws/credentials"},
      {{{"HOME", "/h"}, {"USERPROFILE", "/u"}}, "/h/.aws/config", "/h/.aws/credentials"},
      {{{"HOME", ""}, {"USERPROFILE", "/u"}}, "/u/.aws/config", "/u/.aws/credentials"},
      {{{"HOMEDRIVE", "C:"}, {"HOMEPATH", "/x"}}, "C:/x/.aws/config", "C:/x/.aws/credentials"},
      {{{"HOME", "/h"}, {"AWS_CONFIG_FILE", "/c"}}, "/c", "/h/.aws/credentials"},
      {{{"HOME", "/h"}, {"AWS_CONFIG_FILE", ""}}, "/h/.aws/config", "/h/.aws/credentials"},
      {{{"HOME", "/h"}, {"AWS_SHARED_CREDENTIALS_FILE", "~/c"}}, "/h/.aws/config", "/h/c"},
      {{{"AWS_CONFIG_FILE", "~/c"}, {"AWS_SHARED_CREDENTIALS_FILE", "c"}}, "~/c", "c"},
      // Only this user's home is known here.
      {{{"HOME", "/h"}, {"AWS_CONFIG_FILE", "~ann/c"}}, "~ann/c", "/h/.aws/credentials"},
  };
  for (const auto& [environment, config, credentials] : cases) {
    const auto paths = FindProfileFiles(environment);
    EXPECT_EQ(paths.config, config);
    EXPECT_EQ(paths.credentials, credentials);
  }
}

TEST(ProfileFilePathsTest, KnowWhetherTheyWereNamed) {
  const auto paths = FindProfileFiles({{"HOME", "/h"}, {"AWS_CONFIG_FILE", "/c"}});
  EXPECT_TRUE(paths.config_is_explicit);
  EXPECT_FALSE(paths.credentials_is_explicit);
}

TEST(ProfileNameTest, FromTheEnvironment) {
  EXPECT_EQ(FindProfileName({}).name, "default");
  EXPECT_FALSE(FindProfileName({}).is_explicit);
  EXPECT_FALSE(FindProfileName({{"AWS_PROFILE", ""}}).is_explicit);
  EXPECT_EQ(FindProfileName({{"AWS_DEFAULT_PROFILE", "dev"}}).name, "default");
  EXPECT_EQ(FindProfileName({{"AWS_PROFILE", "dev"}}).name, "dev");
  EXPECT_TRUE(FindProfileName({{"AWS_PROFILE", "dev"}}).is_explicit);
  EXPECT_TRUE(FindProfileName({{"AWS_PROFILE", "default"}}).is_explicit);
}

ProfileFiles Parse(std::string_view config, std::string_view credentials) {
  auto files = ParseProfileFiles(config, credentials, {"config", "credentials"});
  EXPECT_TRUE(files) << files.error().message;
  return files ? *files : ProfileFiles();
}

TEST(ProfileFilesTest, FindsSectionsByName) {
  const auto files = Parse(
      "[default]\nregion = eu-west-1\n"
      "[profile local]\nservices = emulators\n"
      "[services emulators]\ndynamodb =\n  endpoint_url = http://localhost:8000\n"
      "[sso-session corp]\nsso_region = us-east-1\n",
      "[ci]\naws_access_key_id = AKID\naws_secret_access_key = hunter2\n");
  EXPECT_THAT(files.ProfileNames(), ElementsAre("ci", "default", "local"));
  EXPECT_EQ(files.FindProfile("default")->Get("region"), "eu-west-1");
  EXPECT_EQ(files.FindProfile("default")->Get("output"), std::nullopt);
  EXPECT_EQ(files.FindProfile("nobody"), nullptr);
  EXPECT_EQ(files.FindProfile("corp"), nullptr);
  EXPECT_EQ(files.FindSsoSession("corp")->Get("sso_region"), "us-east-1");
  EXPECT_EQ(files.FindSsoSession("local"), nullptr);
  EXPECT_EQ(files.FindServices("corp"), nullptr);

  const ProfileSection* services = files.FindServices("emulators");
  ASSERT_NE(services, nullptr);
  EXPECT_EQ(services->Get("dynamodb"), "");
  EXPECT_EQ(services->GetNested("dynamodb", "endpoint_url"), "http://localhost:8000");
  EXPECT_EQ(services->GetNested("dynamodb", "region"), std::nullopt);
  EXPECT_EQ(services->GetNested("s3", "endpoint_url"), std::nullopt);

  const ProfileSection* ci = files.FindProfile("ci");
  EXPECT_EQ(ci->GetSecret("aws_secret_access_key").Reveal(), "hunter2");
  EXPECT_TRUE(ci->GetSecret("aws_session_token").empty());
}

TEST(ProfileFilesTest, TheCredentialsFileStands) {
  const auto files = Parse("[profile p]\na=1\nb=1\nc=\n x=1\n y=1\n", "[p]\nb=2\nc=\n x=2\nd=2\n");
  const ProfileSection* profile = files.FindProfile("p");
  ASSERT_NE(profile, nullptr);
  EXPECT_EQ(profile->Get("a"), "1");
  EXPECT_EQ(profile->Get("b"), "2");
  EXPECT_EQ(profile->Get("d"), "2");
  EXPECT_EQ(profile->GetNested("c", "x"), "2");
  EXPECT_EQ(profile->GetNested("c", "y"), std::nullopt);
  EXPECT_EQ(profile->Where("a"), "config:2");
  EXPECT_EQ(profile->Where("b"), "credentials:2");
}

TEST(ProfileFilesTest, PrefixedDefaultWinsInTheConfigFileAlone) {
  const auto files = Parse("[default]\na=1\n[profile default]\nb=1\n", "[default]\nc=1\n");
  EXPECT_EQ(files.FindProfile("default")->Get("a"), std::nullopt);
  EXPECT_EQ(files.FindProfile("default")->Get("b"), "1");
  EXPECT_EQ(files.FindProfile("default")->Get("c"), "1");
}

TEST(ProfileFilesTest, AnErrorNamesTheFile) {
  const ProfileFilePaths paths = {"/h/.aws/config", "/h/.aws/credentials"};
  EXPECT_EQ(ParseProfileFiles("[default]\nx", "", paths).error().message,
            "/h/.aws/config:2: this is not key = value");
  EXPECT_EQ(ParseProfileFiles("", "[default]\n\nx", paths).error().message,
            "/h/.aws/credentials:3: this is not key = value");
}

class LoadProfileFilesTest : public testing::Test {
 protected:
  LoadProfileFilesTest() {
    std::string folder = (fs::temp_directory_path() / "sumac_profiles_XXXXXX").string();
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    home_ = folder;
    fs::create_directory(home_ / ".aws");
  }
  ~LoadProfileFilesTest() override { fs::remove_all(home_); }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(home_ / ".aws" / name, std::ios::binary) << text;
  }
  Result<ProfileFiles> Load() const { return LoadProfileFiles({{"HOME", home_.string()}}); }

  fs::path home_;
};

TEST_F(LoadProfileFilesTest, ReadsBoth) {
  Write("config", "[profile p]\na=1\n");
  Write("credentials", "[p]\nb=2\n");
  const auto files = Load();
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files->FindProfile("p")->Get("a"), "1");
  EXPECT_EQ(files->FindProfile("p")->Where("b"), (home_ / ".aws/credentials:2").string());
  EXPECT_EQ(files->paths().config, (home_ / ".aws/config").string());
}

TEST_F(LoadProfileFilesTest, WhatIsNotThereIsEmpty) {
  EXPECT_TRUE(Load()->ProfileNames().empty());
  EXPECT_TRUE(LoadProfileFiles({})->ProfileNames().empty());
  for (const char* path : {"/nonexistent/config", "/dev/null"}) {
    EXPECT_TRUE(LoadProfileFiles({{"AWS_CONFIG_FILE", path}})->ProfileNames().empty());
  }
  // Whose other end may never come.
  const auto fifo = home_ / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(LoadProfileFiles({{"AWS_CONFIG_FILE", fifo.string()}}).error().code,
            ErrorCode::kInvalidArgument);
  // A file where the folder should be.
  fs::remove(home_ / ".aws");
  std::ofstream(home_ / ".aws") << "x";
  EXPECT_TRUE(Load()->ProfileNames().empty());
}

TEST_F(LoadProfileFilesTest, NamesWhatCannotBeRead) {
  fs::create_directory(home_ / ".aws/config");
  const auto folder = Load();
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(folder.error().message,
              AllOf(HasSubstr((home_ / ".aws/config").string()), HasSubstr("it is a folder"),
                    HasSubstr("AWS_CONFIG_FILE")));
  fs::remove(home_ / ".aws/config");

  Write("credentials", "[default]\n");
  chmod((home_ / ".aws/credentials").c_str(), 0);
  if (geteuid() != 0) {  // root reads everything
    const auto forbidden = Load();
    ASSERT_FALSE(forbidden);
    EXPECT_THAT(forbidden.error().message, HasSubstr((home_ / ".aws/credentials").string()));
  }
}

TEST_F(LoadProfileFilesTest, ReadsNoMoreThanTheBound) {
  Write("config", std::string(kProfileFileBytesMax + 1, '\n'));
  const auto files = Load();
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(files.error().message, HasSubstr((home_ / ".aws/config").string()));
  EXPECT_FALSE(LoadProfileFiles({{"AWS_CONFIG_FILE", "/dev/zero"}}));
}

}  // namespace
}  // namespace sumac::aws
