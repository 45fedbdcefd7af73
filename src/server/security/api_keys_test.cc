#include "server/security/api_keys.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

std::optional<Access> AccessOf(const ApiKeys& keys, std::string_view key) {
  const auto found = keys.Find(key);
  if (!found) return std::nullopt;
  EXPECT_EQ(keys.FindDigest(found->digest)->access, found->access);
  return found->access;
}

TEST(ApiKeysTest, FindsWhatAKeyAllows) {
  const auto keys =
      ApiKeys::Create({"plain", "reader:ro", "writer:rw", "a:b:rw", "odd:rx"}).value();
  EXPECT_TRUE(keys.required());
  const std::pair<const char*, std::optional<Access>> cases[] = {
      {"plain", Access::kRead},
      {"reader", Access::kRead},
      {"writer", Access::kReadWrite},
      {"a:b", Access::kReadWrite},
      // Another ending is a part of the key.
      {"odd:rx", Access::kRead},
      {"odd", std::nullopt},
      // The ending is no part of the key.
      {"writer:rw", std::nullopt},
      {"reader:ro", std::nullopt},
      {"", std::nullopt},
      {"plai", std::nullopt},
      {"plain ", std::nullopt},
      {"Plain", std::nullopt},
  };
  for (const auto& [key, access] : cases) EXPECT_EQ(AccessOf(keys, key), access) << key;
}

TEST(ApiKeysTest, WithoutKeysNoneIsRequired) {
  EXPECT_FALSE(ApiKeys().required());
  EXPECT_FALSE(ApiKeys::Create({}).value().required());
  EXPECT_EQ(AccessOf(ApiKeys(), ""), std::nullopt);
}

TEST(ApiKeysTest, RefusesKeysWithoutShowingThem) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{""}, "key 1 is empty"},
      {{"fine", ":rw"}, "key 2 is empty"},
      {{"two words"}, "key 1 has a blank or another character that a header cannot carry"},
      {{"line\n"}, "key 1 has a blank or another character that a header cannot carry"},
      {{"\xc3\xa9"}, "key 1 has a blank or another character that a header cannot carry"},
      {{"one", "one:rw"}, "key 2 is there twice"},
  };
  for (const auto& [keys, message] : cases) {
    const auto made = ApiKeys::Create(keys);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(made.error().message, message);
  }
}

Result<ApiKeys> Load(const std::string& auth,
                     const std::map<std::string, std::string>& environment = {}) {
  const auto loaded = spicepod::ParseSpicepod("version: v1\nkind: Spicepod\nname: p\n" + auth,
                                              "p.yaml", "/nowhere");
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  return LoadApiKeys(loaded->pod, environment);
}

TEST(ApiKeysTest, ComeFromTheSpicepodAndItsSecrets) {
  EXPECT_FALSE(Load("").value().required());
  EXPECT_FALSE(Load("runtime: {auth: {api-key: {enabled: false, keys: [x]}}}").value().required());
  for (const char* name : {"api-key", "api_key"}) {
    const auto keys = Load(std::string("runtime: {auth: {") + name +
                               ": {keys: ['${secrets:reader}', '${env:writer}:rw']}}}",
                           {{"SPICE_READER", "r1"}, {"WRITER", "w1"}});
    ASSERT_TRUE(keys.has_value()) << keys.error().message;
    EXPECT_EQ(AccessOf(*keys, "r1"), Access::kRead);
    EXPECT_EQ(AccessOf(*keys, "w1"), Access::kReadWrite);
  }
}

// Never open by mistake.
TEST(ApiKeysTest, WhatIsEnabledAndCannotBeReadIsAnError) {
  auto keys = Load("runtime:\n  auth:\n    api-key:\n      enabled: true\n");
  ASSERT_FALSE(keys.has_value());
  EXPECT_EQ(keys.error().message,
            "p.yaml:7:7: runtime.auth.api-key is enabled and has no keys; list them under 'keys'");
  keys = Load("runtime: {auth: {api-key: {keys: [ok, '${secrets:gone}']}}}");
  ASSERT_FALSE(keys.has_value());
  EXPECT_EQ(keys.error().message.find(
                "p.yaml:4:27: runtime.auth.api-key: key 2: secret 'gone' was not found"),
            0U)
      << keys.error().message;
  keys = Load("runtime: {auth: {api-key: {keys: ['${secrets:empty}']}}}", {{"EMPTY", ""}});
  ASSERT_FALSE(keys.has_value());
  EXPECT_EQ(keys.error().message, "p.yaml:4:27: runtime.auth.api-key: key 1 is empty");
}

}  // namespace
}  // namespace sumac::server
