// test/types/*.cases: for each type, what attribute values infer it, how they read, and what does
// not fit. docs/types.md has a table with the rows that these files name; the two are held
// together.
//
// A case is a block of lines:
//   row A | B | C        the row of the table that it stands for, without its outer bars
//   options KEY=VALUE    number_type, time_format, or the declared type
//   fields N VALUE       a map with N fields of that value is among the sampled items
//   type T, shown T      the SQL type that comes of it, and what DESCRIBE shows
//   value V => TEXT      V is sampled, and reads as TEXT
//   later V => TEXT      V is met after the schema was made: it reads as TEXT, or is a misfit
//   rounded V => TEXT    the same, and is carried by `_overflow` too
//   rejected V           V is sampled, and is a misfit all the same, because of what is forced
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "engine/results/arrow_type_name.h"
#include "items/page_decoder.h"
#include "items/page_summary.h"
#include "items/time_layout.h"
#include "items/type_name.h"
#include "net/transport.h"

namespace sumac::engine {
namespace {

using items::OutputColumn;

struct Reading {
  std::string kind;  // "value", "later", "rounded"
  std::string value;
  std::string text;
};

struct TypeCase {
  std::string where;
  std::string row;
  items::SchemaOptions options;
  std::vector<std::string> samples;
  std::vector<Reading> readings;
  std::string type;
  std::string shown;
};

std::ostream& operator<<(std::ostream& out, const TypeCase& one) {
  return out << one.where;
}

std::string Page(const std::string& value) {
  std::string page = R"({"Items":[{"x":)" + value + "}]}";
  page.reserve(page.size() + net::kBodyPaddingBytes);
  return page;
}

std::string MapOf(size_t fields, const std::string& value) {
  std::string map = R"({"M":{)";
  for (size_t i = 0; i < fields; ++i) {
    map += (i > 0 ? ",\"f" : "\"f") + std::to_string(i) + "\":" + value;
  }
  return map + "}}";
}

void SetOption(const std::string& text, items::SchemaOptions& options) {
  const size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  const std::string value = text.substr(equals + 1);
  if (key == "number_type") {
    options.number_type = value == "double"    ? items::NumberType::kDouble
                          : value == "decimal" ? items::NumberType::kDecimal
                                               : items::NumberType::kString;
  } else if (key == "time_format") {
    options.time_layout =
        std::make_shared<const items::TimeLayout>(items::TimeLayout::Parse(value).value());
  } else {
    ASSERT_EQ(key, "type");
    options.columns.push_back({"x", items::ParseTypeName(value).value(), false});
  }
}

void ReadLine(const std::string& line, TypeCase& one) {
  const size_t space = line.find(' ');
  const std::string word = line.substr(0, space);
  const std::string rest = line.substr(space + 1);
  if (word == "row") {
    one.row = rest;
  } else if (word == "options") {
    SetOption(rest, one.options);
  } else if (word == "type") {
    one.type = rest;
  } else if (word == "shown") {
    one.shown = rest;
  } else if (word == "fields") {
    const size_t second = rest.find(' ');
    one.samples.push_back(MapOf(std::stoul(rest), rest.substr(second + 1)));
  } else if (word == "rejected") {
    one.readings.push_back({word, rest, "misfit"});
    one.samples.push_back(rest);
  } else {
    const size_t arrow = rest.find(" =>");
    ASSERT_NE(arrow, std::string::npos) << one.where << ": " << line;
    const std::string text = rest.size() > arrow + 4 ? rest.substr(arrow + 4) : "";
    one.readings.push_back({word, rest.substr(0, arrow), text});
    if (word == "value") one.samples.push_back(rest.substr(0, arrow));
  }
}

// In the order of the table in docs/types.md.
std::vector<TypeCase> ReadCases() {
  std::vector<TypeCase> cases;
  for (const char* name : {"string", "number", "boolean", "binary", "map", "list", "null", "mixed",
                           "time", "declared"}) {
    const std::string path = std::string(SUMAC_SOURCE_DIR) + "/test/types/" + name + ".cases";
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    std::string line;
    bool in_case = false;
    for (int number = 1; std::getline(file, line); ++number) {
      if (line.empty() || line[0] == '#') {
        in_case = in_case && !line.empty();
        continue;
      }
      if (!in_case)
        cases.emplace_back().where = std::string(name) + ".cases:" + std::to_string(number);
      in_case = true;
      ReadLine(line, cases.back());
    }
  }
  return cases;
}

struct Cell {
  std::string text;
  bool overflows = false;
  uint64_t misfits = 0;
};

Cell Decode(const std::shared_ptr<const items::ItemSchema>& schema, const std::string& value) {
  const std::string page = Page(value);
  items::PageDecoder decoder(schema,
                             {{OutputColumn::Kind::kField, 0}, {OutputColumn::Kind::kOverflow, 0}});
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(),
                   {schema->columns[0].shape.type, duckdb::LogicalType::VARCHAR});
  EXPECT_TRUE(decoder.Start(page));
  const auto rows = decoder.Next(chunk);
  EXPECT_TRUE(rows && *rows == 1) << value;
  if (!rows || *rows != 1) return {};
  return {chunk.GetValue(0, 0).ToString(), !chunk.GetValue(1, 0).IsNull(),
          decoder.MisfitCounts()[0]};
}

class TypeCases : public testing::TestWithParam<TypeCase> {};

TEST_P(TypeCases, InferReadAndRefuse) {
  const TypeCase& one = GetParam();
  items::TypeSummary summary;
  for (const auto& sample : one.samples) {
    const std::string page = Page(sample);
    ASSERT_TRUE(items::SummarizePage(page, one.options, summary)) << sample;
  }
  const auto schema = std::make_shared<const items::ItemSchema>(
      items::MakeItemSchema(summary, {}, one.options).value());
  ASSERT_EQ(schema->columns.size(), 1u);
  const auto& type = schema->columns[0].shape.type;
  EXPECT_EQ(type.ToString(), one.type);
  EXPECT_EQ(ArrowTypeName(type), one.shown);
  for (const auto& reading : one.readings) {
    SCOPED_TRACE(reading.kind + " " + reading.value);
    const Cell cell = Decode(schema, reading.value);
    const bool misfit = reading.text == "misfit";
    if (!misfit) {
      EXPECT_EQ(cell.text, reading.text);
    }
    EXPECT_EQ(cell.misfits, misfit ? 1u : 0u);
    EXPECT_EQ(cell.overflows, misfit || reading.kind == "rounded");
  }
}

std::string CaseName(const testing::TestParamInfo<TypeCase>& one) {
  std::string name = one.param.where;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, TypeCases, testing::ValuesIn(ReadCases()), CaseName);

TEST(TypeTable, HasTheRowsOfTheCases) {
  std::vector<std::string> rows;
  for (const auto& one : ReadCases()) {
    if (!one.row.empty()) rows.push_back("| " + one.row + " |");
  }
  std::ifstream file(std::string(SUMAC_SOURCE_DIR) + "/docs/types.md");
  std::vector<std::string> documented;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| DynamoDB |")) in_table = true;
    if (!line.starts_with("|")) in_table = false;
    if (in_table && !line.starts_with("| DynamoDB |") && !line.starts_with("| ---")) {
      documented.push_back(line);
    }
  }
  EXPECT_EQ(documented, rows);
}

}  // namespace
}  // namespace sumac::engine
