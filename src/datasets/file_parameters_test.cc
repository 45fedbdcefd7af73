#include "datasets/file_parameters.h"

#include <fstream>
#include <set>

#include <gmock/gmock.h>

namespace sumac::datasets {
namespace {

// A file that is there; nothing in it is read.
engine::FileSet AnyFile() {
  engine::FileSet files;
  files.path = std::string(SUMAC_SOURCE_DIR) + "/docs/connectors.md";
  return files;
}

TEST(FileParametersTest, RefusesByName) {
  struct Case {
    std::string name, value, message;
  };
  const std::string records = "takes an integer from 1 to 1000000000 or 'all', not ";
  const std::vector<Case> cases = {
      {"format", "avro", "'file_format' takes parquet, csv, json or jsonl, not 'avro'"},
      {"csv_delimiter", "", "'csv_delimiter' takes one character, not ''"},
      {"csv_quote", "ab", "'csv_quote' takes one character, not 'ab'"},
      {"csv_escape", "ab", "'csv_escape' takes one character, not 'ab'"},
      {"csv_has_header", "yes", "'csv_has_header' takes true or false, not 'yes'"},
      {"schema_infer_max_records", "0", "'schema_infer_max_records' " + records + "'0'"},
      {"csv_schema_infer_max_records", "1e3",
       "'csv_schema_infer_max_records' " + records + "'1e3'"},
      {"hive_partitioning_enabled", "1",
       "'hive_partitioning_enabled' takes true or false, not '1'"},
  };
  for (const auto& wrong : cases) {
    std::map<std::string, SecretString> parameters;
    parameters["format"] = SecretString("csv");
    parameters[wrong.name] = SecretString(wrong.value);
    const auto table = MakeFileTable(parameters, AnyFile());
    ASSERT_FALSE(table.has_value()) << wrong.name;
    EXPECT_EQ(table.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(table.error().message, "parameter " + wrong.message);
  }
}

TEST(FileParametersTest, ReadsEach) {
  std::map<std::string, SecretString> parameters;
  parameters["format"] = SecretString("CSV");
  parameters["csv_has_header"] = SecretString("false");
  parameters["csv_delimiter"] = SecretString("\\t");
  parameters["csv_quote"] = SecretString("'");
  parameters["schema_infer_max_records"] = SecretString("5");
  parameters["csv_schema_infer_max_records"] = SecretString("all");
  parameters["hive_partitioning_enabled"] = SecretString("true");
  const auto table = MakeFileTable(parameters, AnyFile());
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->format, engine::FileFormat::kCsv);
  EXPECT_FALSE(table->csv_has_header);
  EXPECT_EQ(table->csv_delimiter, "\t");
  EXPECT_EQ(table->csv_quote, "'");
  EXPECT_EQ(table->csv_escape, "'");
  EXPECT_EQ(table->sampled_rows, -1);
  EXPECT_TRUE(table->hive_partitioning);
}

// The tables of docs/connectors.md have what is acted on.
TEST(FileParametersTest, DocumentationHasEach) {
  std::ifstream file(std::string(SUMAC_SOURCE_DIR) + "/docs/connectors.md");
  ASSERT_TRUE(file.is_open());
  std::set<std::string> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| `")) rows.insert(line.substr(3, line.find('`', 3) - 3));
  }
  std::set<std::string> known = {"duckdb_open"};
  using Prefix = spicepod::ParameterSpecification::Prefix;
  for (const auto& parameter : FileParameterSpecifications()) {
    if (!parameter.acted_on) continue;
    known.insert((parameter.prefix == Prefix::kRequired ? "file_" : "") + parameter.name);
  }
  EXPECT_EQ(rows, known);
}

}  // namespace
}  // namespace sumac::datasets
