#include "spicepod/difference.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::spicepod {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHead[] = "version: v1\nkind: Spicepod\nname: test\n";
constexpr char kUsers[] =
    "datasets:\n"
    "  - from: dynamodb:users\n"
    "    name: users\n"
    "    params: {dynamodb_aws_region: us-west-2}\n"
    "    columns: [{name: id, type: BIGINT}]\n"
    "    acceleration: {enabled: true, refresh_check_interval: 10s, params: {keep_item: true}}\n"
    "views:\n"
    "  - name: v\n"
    "    sql: SELECT 1\n";

Spicepod Parse(const std::string& text) {
  auto loaded = ParseSpicepod(kHead + text, "spicepod.yaml");
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  return loaded ? std::move(loaded->pod) : Spicepod();
}

std::string Replaced(std::string text, const std::string& part, const std::string& by) {
  const size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), by);
}

TEST(Difference, PlacesDoNotCount) {
  const auto before = Parse(kUsers);
  const auto now = Parse(std::string("\n# A comment.\ndescription: more\n\n") + kUsers);
  EXPECT_NE(before.datasets[0].location, now.datasets[0].location);
  EXPECT_TRUE(SameDataset(before.datasets[0], now.datasets[0]));
  EXPECT_TRUE(SameView(before.views[0], now.views[0]));
}

TEST(Difference, ValuesCount) {
  const auto before = Parse(kUsers);
  for (const auto& [part, by] :
       std::vector<std::pair<std::string, std::string>>{{"dynamodb:users", "dynamodb:people"},
                                                        {"us-west-2", "us-west-1"},
                                                        {"BIGINT", "DOUBLE"},
                                                        {"10s", "11s"},
                                                        {"keep_item: true", "keep_item: false"},
                                                        {"enabled: true", "enabled: false"}}) {
    const auto now = Parse(Replaced(kUsers, part, by));
    EXPECT_FALSE(SameDataset(before.datasets[0], now.datasets[0])) << by;
    EXPECT_TRUE(SameView(before.views[0], now.views[0])) << by;
  }
  EXPECT_FALSE(SameView(before.views[0], Parse(Replaced(kUsers, "SELECT 1", "SELECT 2")).views[0]));
}

TEST(Difference, WhatNeedsARestart) {
  const auto keys = [](const std::string& before, const std::string& now) {
    return KeysForRestart(Parse("runtime: {" + before + "}\n").runtime,
                          Parse("runtime: {" + now + "}\n").runtime);
  };
  EXPECT_THAT(keys("query: {memory_limit: 1GB}", "query: {memory_limit: 1GB}"), IsEmpty());
  EXPECT_THAT(
      keys("query: {memory_limit: 1GB}", "query: {memory_limit: 2GB, temp_directory: /tmp}"),
      ElementsAre("runtime.query.memory_limit", "runtime.query.temp_directory"));
  EXPECT_THAT(keys("", "caching: {sql_results: {enabled: false}}"),
              ElementsAre("runtime.caching.sql_results"));
  // These are taken over at once.
  EXPECT_THAT(keys("output_level: info",
                   "output_level: warn, shutdown_timeout: 5s, "
                   "params: {query_budget_rcu: 10}"),
              IsEmpty());
  // These count for nothing.
  EXPECT_THAT(keys("", "flight: {max_message_size: 1MiB}"), IsEmpty());
}

TEST(Difference, TheFilesOfASpicepod) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / "sumac_files_of_a_spicepod";
  fs::create_directories(folder / "datasets" / "users");
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
  };
  const auto files = [&] {
    std::vector<std::string> found;
    static_cast<void>(LoadSpicepod(folder.string(), &found));
    for (auto& file : found) file = fs::relative(file, folder).string();
    return found;
  };
  write("spicepod.yaml", std::string(kHead) +
                             "datasets: [{ref: datasets/users}]\n"
                             "views: [{name: v, sql_ref: v.sql}]\n");
  write("datasets/users/dataset.yaml", "from: dynamodb:users\nname: users\n");
  write("v.sql", "SELECT 1");
  EXPECT_THAT(files(), ElementsAre("spicepod.yaml", "datasets/users/dataset.yaml", "v.sql"));
  // Also of one that is wrong: who mends it changes one of these.
  fs::remove(folder / "v.sql");
  EXPECT_THAT(files(), ElementsAre("spicepod.yaml", "datasets/users/dataset.yaml", "v.sql"));
  write("spicepod.yaml", "datasets: [");
  EXPECT_THAT(files(), ElementsAre("spicepod.yaml"));
  fs::remove(folder / "spicepod.yaml");
  EXPECT_THAT(files(), ElementsAre("spicepod.yaml"));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace sumac::spicepod
