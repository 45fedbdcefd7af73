// The tables of docs/pushdown.md: what is said there of each filter is what is made of it.
#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "filter_equivalence/filtered_items.h"
#include "filter_equivalence/meets.h"
#include "items/page_summary.h"
#include "items/page_text.h"
#include "items/time_layout.h"
#include "planning/read_plan.h"

namespace sumac::filter_equivalence {
namespace {

using planning::ReadPlan;

// The table that the page is about.
RandomTable Orders() {
  RandomTable table;
  table.keys = {{"customer", dynamodb::KeyType::kString}, {"number", dynamodb::KeyType::kNumber}};
  table.items = {
      R"({"customer":{"S":"ann"},"number":{"N":"1"},"name":{"S":"Ann"},)"
      R"("status":{"S":"open"},"total":{"N":"9"},"paid":{"BOOL":true},"data":{"B":"YWI="},)"
      R"("address":{"M":{"floor":{"N":"3"}}},"tags":{"L":[{"S":"new"}]},)"
      R"("lines":{"L":[{"M":{"amount":{"N":"2"}}}]},)"
      R"("created":{"S":"2025-01-31T12:00:00Z"},"day":{"S":"2025-01-31"}})"};
  items::SchemaOptions options;
  options.time_layout = std::make_shared<const items::TimeLayout>(
      items::TimeLayout::Parse("2006-01-02T15:04:05Z07:00").value());
  options.index_string_keys = {{"status", 1'024}};
  items::TypeSummary summary;
  EXPECT_TRUE(items::SummarizePage(items::PageText(table.items).view(), options, summary));
  table.schema = std::make_shared<const items::ItemSchema>(
      items::MakeItemSchema(summary, table.keys, options).value());
  return table;
}

std::string Replaced(const std::string& text, const std::string& pattern, const char* by) {
  return std::regex_replace(text, std::regex(pattern), by);
}

// As the page writes conditions.
std::string Readable(const dynamodb::Condition& condition) {
  auto text = dynamodb::ConditionText(condition);
  text = Replaced(text, R"re(\{"S":"([^"]*)"\})re", "'$1'");
  text = Replaced(text, R"re(\{"N":"([^"]*)"\})re", "$1");
  text = Replaced(text, R"re(\{"BOOL":(true|false)\})re", "$1");
  text = Replaced(text, R"re(\{"B":"([^"]*)"\})re", "bytes '$1'");
  std::erase(text, '"');
  // What has a type that a column of text shows nothing of; and the others.
  std::string others;
  for (const char* type : {"NULL", "M", "L", "SS", "NS", "BS"}) {
    others += others.empty() ? "" : " OR ";
    others += std::string(R"re(attribute_type\(\1, ')re") + type + R"re('\))re";
  }
  text = Replaced(text, R"re(attribute_exists\(([^()]+)\) AND NOT \()re" + others + R"re(\))re",
                  "is_text($1)");
  return Replaced(text, R"re(attribute_not_exists\(([^()]+)\) OR )re" + others, "is_no_text($1)");
}

std::string Trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string WithoutTicks(std::string text) {
  std::erase(text, '`');
  return text;
}

// The cells of the tables below a heading, without the headers.
std::vector<std::vector<std::string>> RowsBelow(const std::string& heading) {
  std::ifstream file(SUMAC_PUSHDOWN_PAGE);
  EXPECT_TRUE(file) << SUMAC_PUSHDOWN_PAGE;
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) inside = line == "## " + heading;
    if (line.starts_with("| ---")) {
      in_table = true;
      continue;
    }
    if (!line.starts_with("|")) in_table = false;
    if (!inside || !in_table) continue;
    std::vector<std::string> cells;
    std::istringstream stream(line.substr(1));
    for (std::string cell; std::getline(stream, cell, '|');) cells.push_back(Trimmed(cell));
    rows.push_back(cells);
  }
  return rows;
}

// Of `a`, `b`: each by itself.
std::vector<std::string> Filters(const std::string& cell) {
  std::vector<std::string> filters;
  for (size_t start = cell.find('`'); start != cell.npos; start = cell.find('`', start)) {
    const auto end = cell.find('`', start + 1);
    filters.push_back(cell.substr(start + 1, end - start - 1));
    start = end + 1;
  }
  return filters;
}

std::string Operation(const ReadPlan& plan) {
  switch (plan.access_path) {
    case ReadPlan::AccessPath::kNothing:
      return "nothing";
    case ReadPlan::AccessPath::kQuery:
      if (plan.key_conditions.size() == 2) return "two Queries";
      return "Query: " + Readable(plan.key_conditions[0]);
    case ReadPlan::AccessPath::kGetItems:
      if (plan.keys.size() == 2) return "BatchGetItem of two keys";
      return "GetItem: " + Readable(KeyCondition(plan.keys[0]));
    case ReadPlan::AccessPath::kScan:
      break;
  }
  return plan.filter ? "Scan with the filter " + Readable(*plan.filter) : "Scan";
}

TEST(DocumentedFiltersTest, ByKey) {
  FilteredItems items(Orders());
  dynamodb::TableDescription description;
  description.keys = items.table().keys;
  const auto rows = RowsBelow("By key");
  EXPECT_GE(rows.size(), 8u);
  for (const auto& row : rows) {
    for (const auto& filter : Filters(row.at(0))) {
      const auto outcome = items.Ask(filter);
      ASSERT_TRUE(outcome) << filter << ": " << outcome.error().message;
      // DuckDB itself finds some contradictions.
      const auto operation = outcome->was_shown
                                 ? Operation(planning::PlanRead({outcome->conditions}, description))
                                 : "nothing";
      EXPECT_EQ(operation, WithoutTicks(row.at(1))) << filter;
    }
  }
}

TEST(DocumentedFiltersTest, ByFilter) {
  FilteredItems items(Orders());
  const auto rows = RowsBelow("By filter");
  EXPECT_GE(rows.size(), 25u);
  for (const auto& row : rows) {
    for (const auto& filter : Filters(row.at(0))) {
      const auto outcome = items.Ask(filter);
      ASSERT_TRUE(outcome) << filter << ": " << outcome.error().message;
      const auto condition = outcome->conditions.empty()
                                 ? "nothing"
                                 : Readable(dynamodb::Condition::All(outcome->conditions));
      EXPECT_EQ(condition, WithoutTicks(row.at(1))) << filter;
      EXPECT_EQ(outcome->exact ? "exact" : "more", row.at(2)) << filter;
    }
  }
}

}  // namespace
}  // namespace sumac::filter_equivalence
