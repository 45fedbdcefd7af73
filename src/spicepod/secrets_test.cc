#include "spicepod/secrets.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::spicepod {
namespace {

using testing::HasSubstr;
using testing::Not;

SecretStore EnvironmentStore(const std::string& name, const std::string& file_path = "") {
  SecretStore store{{"p.yaml", 4, 3}, "env", name, "", {}};
  if (!file_path.empty()) store.params = {{"file_path", {file_path, {"p.yaml", 5, 3}}}};
  return store;
}

class SecretsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("sumac_secrets_test_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }

  Result<std::string> Resolve(const std::string& text,
                              const std::vector<SecretStore>& stores = {}) {
    SUMAC_ASSIGN_OR_RETURN(const auto resolver,
                           SecretResolver::Create(stores, folder_.string(), environment_));
    SUMAC_ASSIGN_OR_RETURN(const auto resolved, resolver.Resolve(text));
    return resolved.value.Reveal();
  }

  std::string Failure(const std::string& text, const std::vector<SecretStore>& stores = {}) {
    const auto value = Resolve(text, stores);
    return value ? "no failure: " + *value : value.error().message;
  }

  std::filesystem::path folder_;
  std::map<std::string, std::string> environment_ = {{"USER_KEY", "u"}, {"TOKEN", "t"}};
};

TEST_F(SecretsTest, FillsInReferences) {
  const std::pair<std::string, std::string> cases[] = {
      {"plain", "plain"},
      {"", ""},
      {"${env:TOKEN}", "t"},
      {"${secrets:TOKEN}", "t"},
      {"${ secrets : TOKEN }", "t"},
      {"a-${env:TOKEN}-${secrets:USER_KEY}-z", "a-t-u-z"},
      {"$5 and $TOKEN and {x} $", "$5 and $TOKEN and {x} $"},
      {"${env:token}", "t"},
      {"${env:user_key}", "u"},
  };
  for (const auto& [text, expected] : cases) {
    const auto value = Resolve(text);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(*value, expected) << text;
  }
}

// What a value holds is not looked at again.
TEST_F(SecretsTest, DoesNotFillInTwice) {
  environment_["OUTER"] = "${env:TOKEN}";
  EXPECT_EQ(*Resolve("${env:OUTER}"), "${env:TOKEN}");
}

TEST_F(SecretsTest, LooksInTheOrderOfSpice) {
  environment_ = {{"K", "1"}};
  EXPECT_EQ(*Resolve("${env:k}"), "1");
  environment_["SPICE_K"] = "2";
  EXPECT_EQ(*Resolve("${env:k}"), "2");
  environment_["k"] = "3";
  EXPECT_EQ(*Resolve("${env:k}"), "3");
  environment_["SPICE_k"] = "4";
  EXPECT_EQ(*Resolve("${env:k}"), "4");
}

TEST_F(SecretsTest, ProcessThenLocalFileThenFile) {
  Write(".env", "A=file\nB=file\nTOKEN=file\n");
  Write(".env.local", "A=local\n");
  EXPECT_EQ(*Resolve("${env:A} ${env:B} ${env:TOKEN}"), "local file t");
}

TEST_F(SecretsTest, AFilePathReplacesTheTwoFiles) {
  Write(".env", "A=dotenv\nB=dotenv\n");
  Write("other.env", "A=other\n");
  const std::vector<SecretStore> stores = {EnvironmentStore("e", "other.env")};
  EXPECT_EQ(*Resolve("${e:A}", stores), "other");
  EXPECT_THAT(Failure("${e:B}", stores), HasSubstr("secret 'B' was not found"));
  EXPECT_THAT(Failure("x", {EnvironmentStore("e", "none.env")}),
              HasSubstr("p.yaml:4:3: secret store 'e': there is no file"));
}

TEST_F(SecretsTest, TheLastStoreWins) {
  Write("one.env", "A=one\nB=one\n");
  Write("two.env", "A=two\n");
  const std::vector<SecretStore> stores = {EnvironmentStore("first", "one.env"),
                                           EnvironmentStore("second", "two.env")};
  EXPECT_EQ(*Resolve("${secrets:A} ${secrets:B} ${first:A}", stores), "two one one");
  EXPECT_THAT(Failure("${second:B}", stores), HasSubstr("'B' was not found"));
}

TEST_F(SecretsTest, SaysWhatIsWrong) {
  EXPECT_EQ(Failure("${secrets:nope}"),
            "secret 'nope' was not found (looked for SPICE_nope, nope, SPICE_NOPE, NOPE in the "
            "environment, .env.local, .env)");
  EXPECT_EQ(Failure("${vault:x}"), "there is no secret store 'vault'");
  EXPECT_EQ(Failure("${env:TOKEN"), "a '${' is not closed by '}'");
  EXPECT_THAT(Failure("${TOKEN}"), HasSubstr("must be ${store:key}"));
  EXPECT_THAT(Failure("${env:}"), HasSubstr("must be ${store:key}"));
  EXPECT_THAT(Failure("x", {{{"p.yaml", 4, 3}, "keyring", "k", "", {}}}),
              HasSubstr("p.yaml:4:3: secret store 'k': 'keyring' is not built in"));
  EXPECT_THAT(Failure("x", {{{"p.yaml", 4, 3}, "env:x", "k", "", {}}}),
              HasSubstr("takes nothing after a ':'"));
}

TEST_F(SecretsTest, ABrokenFileSaysWhereWithoutItsText) {
  Write(".env", "A=1\nhunter2 is not a line\n");
  const std::string message = Failure("x");
  EXPECT_THAT(message, HasSubstr(".env:2: this is not NAME=value"));
  EXPECT_THAT(message, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace sumac::spicepod
