// docs/spicepod.md lists exactly the keys that are read, and says of each whether it is acted on.
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "spicepod/acted_on_keys.h"
#include "spicepod/readers.h"

namespace sumac::spicepod {
namespace {

// Has every map that has keys of its own, so that every reader asks for all of its keys.
constexpr char kEveryMap[] = R"(version: v1
kind: Spicepod
name: p
secrets: [{from: env, name: e}]
datasets:
- ref: dataset
- from: dynamodb:t
  name: t
  columns: [{name: c}]
  metrics: [{name: m}]
  replication: {}
  acceleration: {metrics: [{name: m}]}
views:
- ref: view
- name: v
  sql: SELECT 1
  columns: [{name: c}]
  acceleration: {metrics: [{name: m}]}
runtime:
  caching: {sql_results: {}}
  tls: {}
  auth: {api-key: {}, api_key: {}}
  cors: {}
  task_history: {}
  query: {}
  flight: {}
)";

std::set<std::string> KeysThatAreRead() {
  const auto root = ParseYaml(kEveryMap, "p.yaml");
  ReadContext context;
  // The references lead nowhere; their own keys are asked for before that is found out.
  ReadSpicepod(context, root.value(), "/nonexistent");
  YamlNode without_references = root.value();
  for (auto& entry : without_references.entries) {
    if (entry.key.text == "datasets" || entry.key.text == "views") {
      entry.value.items.erase(entry.value.items.begin());
    }
  }
  ReadContext second;
  ReadSpicepod(second, without_references, "/nonexistent");
  EXPECT_FALSE(second.failed()) << second.error()->message;
  auto keys = context.asked();
  keys.insert(second.asked().begin(), second.asked().end());
  return keys;
}

std::string Cell(const std::string& row, size_t index) {
  size_t start = 0;
  for (size_t i = 0; i < index; ++i) start = row.find('|', start) + 1;
  std::string cell = row.substr(start, row.find('|', start) - start);
  cell.erase(0, cell.find_first_not_of(' '));
  cell.erase(cell.find_last_not_of(' ') + 1);
  return cell;
}

// Key to what the last column says: "yes", "no", "`value` only" or "`value`, `value` only".
std::map<std::string, std::string> KeysInTheDocumentation() {
  std::ifstream file(std::string(SUMAC_SOURCE_DIR) + "/docs/spicepod.md");
  EXPECT_TRUE(file.is_open());
  std::map<std::string, std::string> keys;
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with("| `")) continue;
    const std::string key = Cell(line, 1);
    EXPECT_TRUE(keys.emplace(key.substr(1, key.size() - 2), Cell(line, 4)).second) << key;
  }
  return keys;
}

std::string ExpectedMark(const std::string& key) {
  std::string values;
  for (const auto& acted_on : ActedOnKeys()) {
    if (acted_on.path != key) continue;
    if (acted_on.only_value.empty()) return "yes";
    values += (values.empty() ? "`" : ", `") + std::string(acted_on.only_value) + "`";
  }
  return values.empty() ? "no" : values + " only";
}

// Keys that the documentation has under another name: those of views are those of datasets.
bool IsWrittenOnce(const std::string& key) {
  return key.starts_with("views.acceleration.") || key.starts_with("views.columns.") ||
         key.starts_with("runtime.auth.api_key");
}

TEST(KeyTableTest, DocumentationListsWhatIsRead) {
  const auto documented = KeysInTheDocumentation();
  const auto read = KeysThatAreRead();
  for (const auto& key : read) {
    if (IsWrittenOnce(key)) continue;
    const auto found = documented.find(key);
    if (found == documented.end()) {
      ADD_FAILURE() << "docs/spicepod.md lacks `" << key << "`";
      continue;
    }
    EXPECT_EQ(found->second, ExpectedMark(key)) << key;
  }
  for (const auto& [key, mark] : documented) {
    EXPECT_TRUE(read.contains(key)) << "docs/spicepod.md has `" << key << "`, which is not read";
  }
}

TEST(KeyTableTest, WhatIsActedOnIsRead) {
  const auto read = KeysThatAreRead();
  for (const auto& key : ActedOnKeys()) EXPECT_TRUE(read.contains(std::string(key.path)));
}

}  // namespace
}  // namespace sumac::spicepod
