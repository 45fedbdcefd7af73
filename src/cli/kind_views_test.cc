#include "cli/kind_views.h"

#include <gtest/gtest.h>

#include "cli/schema_report.h"
#include "engine/results/display_width.h"
#include "items/page_summary.h"
#include "items/page_text.h"
#include "spicepod/spicepod.h"

namespace sumac::cli {
namespace {

datasets::TableInspection Inspect(const std::vector<std::string>& texts) {
  datasets::TableInspection table;
  table.table_name = "app";
  table.keys = {{"pk", dynamodb::KeyType::kString}, {"sk", dynamodb::KeyType::kString}};
  const items::PageText page_text(texts);
  const std::string_view page = page_text.view();
  items::TypeSummary summary;
  items::ItemOutlines outlines(table.keys);
  EXPECT_TRUE(items::SummarizePage(page, {}, summary).has_value());
  EXPECT_TRUE(table.census.AddPage(page).has_value());
  EXPECT_TRUE(outlines.AddPage(page).has_value());
  table.schema = items::MakeItemSchema(summary, table.keys, {}).value();
  table.kinds = items::FindEntityKinds(outlines.Outlines(), table.keys);
  table.items = texts.size();
  table.whole_table = true;
  return table;
}

std::string Item(const std::string& pk, const std::string& sk, const std::string& more = "") {
  return R"({"pk":{"S":")" + pk + R"("},"sk":{"S":")" + sk + R"("})" + more + "}";
}

TEST(KindViews, AreYamlForASpicepod) {
  const auto table =
      Inspect({Item("USER#1", "PROFILE", R"(,"Full Name":{"S":"A"})"), Item("USER#2", "PROFILE"),
               Item("USER#1", "ORDER#1", R"(,"n":{"N":"1"})"), Item("USER#1", "2024"),
               Item("USER#1", "2025"), Item("USER#1", "ORDER#2"), Item("USER#1", "ORDER#3")});
  const auto views = MakeKindViews("app", table, {"app", "APP_ORDER"});
  EXPECT_EQ(views.yaml, R"(views:
  - name: app_order_2
    description: "The order items of app"
    sql: |
      SELECT pk, sk, n
      FROM app
      WHERE sk LIKE 'ORDER#%' AND pk LIKE 'USER#%'
  - name: app_user
    description: "The user items of app"
    sql: |
      SELECT pk, sk
      FROM app
      WHERE sk NOT LIKE 'ORDER#%' AND sk <> 'PROFILE' AND pk LIKE 'USER#%'
  - name: app_user_profile
    description: "The user_profile items of app"
    sql: |
      SELECT pk, sk, "Full Name"
      FROM app
      WHERE sk = 'PROFILE' AND pk LIKE 'USER#%'
)");
  EXPECT_TRUE(views.notes.empty());
}

TEST(KindViews, EscapeWhatSqlAndYamlMind) {
  const auto table = Inspect({
      Item("A_%'#1", "X", R"(,"line\nbreak":{"S":"a"})"),
      Item("A_%'#2", "X"),
      Item("B#1", "X", R"(,"tab\t\u007f\u0085\u202e\u2028\ufeff":{"S":"a"})"),
      Item("C\\\\_#1", "X"),
  });
  const auto views = MakeKindViews("my.select", table, {});
  const auto loaded =
      spicepod::ParseSpicepod("version: v1\nkind: Spicepod\nname: test\n" + views.yaml, "p.yaml");
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message << "\n" << views.yaml;
  std::vector<std::string> sql;
  for (const auto& view : loaded->pod.views) sql.push_back(view.sql);
  EXPECT_EQ(sql, (std::vector<std::string>{
                     "SELECT pk, sk, \"line\nbreak\"\nFROM my.\"select\"\n"
                     "WHERE sk = 'X' AND pk LIKE 'A\\_\\%''#%' ESCAPE '\\'\n",
                     "SELECT pk, sk, \"tab\t\x7f\u0085\u202e\u2028\ufeff\"\nFROM my.\"select\"\n"
                     "WHERE sk = 'X' AND pk LIKE 'B#%'\n",
                     "SELECT pk, sk\nFROM my.\"select\"\n"
                     "WHERE sk = 'X' AND pk LIKE 'C\\\\\\_#%' ESCAPE '\\'\n",
                 }));
  // Nothing in it could move the cursor of a terminal.
  for (const char* harmful : {"\t", "\x7f", "\u0085", "\u202e", "\u2028", "\ufeff"}) {
    EXPECT_EQ(views.yaml.find(harmful), std::string::npos) << views.yaml;
  }
  EXPECT_EQ(loaded->pod.views[1].name, "my_select_b_x");
}

TEST(KindViews, SayWhatHasNone) {
  const auto views = MakeKindViews("plain", Inspect({Item("1", "1"), Item("2", "2")}), {});
  EXPECT_EQ(views.yaml, "views: []\n");
  EXPECT_EQ(views.notes, std::vector<std::string>{"no view for the kind 'item': nothing tells it "
                                                  "from the whole of 'plain'"});
  auto table = Inspect({Item("A#1", "1")});
  table.whole_table = false;
  table.dataset_items_max = 0;
  EXPECT_EQ(MakeKindViews("a", table, {}).notes.size(), 2u);
}

// Names and values from outside break neither the lines nor the columns of the report.
TEST(SchemaReport, KeepsItsLayout) {
  const auto table = Inspect({
      Item("\\u001b[31m#1", "\xf0\x9f\x98\x80", R"(,"a\nb\u202ec":{"S":"x\ny"})"),
      Item("it's#1", "\xe6\xbc\xa2\xe5\xad\x97",
           R"(,"\u6f22\u5b57":{"S":"s"},"\ud83d\ude00":{"L":[{"N":"1"},{"S":"1"}]})"),
  });
  const std::string report = MakeSchemaReport("app", table);
  EXPECT_EQ(report.find('\x1b'), std::string::npos);
  EXPECT_EQ(report.find("\u202e"), std::string::npos);
  EXPECT_NE(report.find("a\\nb\\u{202e}c"), std::string::npos) << report;
  EXPECT_NE(report.find("\xf0\x9f\x98\x80[] is S in 1 value, N in 1; "), std::string::npos)
      << report;
  std::vector<size_t> starts;
  size_t start = 0;
  for (size_t end = report.find('\n'); end != std::string::npos;
       start = end + 1, end = report.find('\n', start)) {
    const std::string line = report.substr(start, end - start);
    EXPECT_LE(engine::DisplayWidth(line), 100u) << line;
    const size_t type = line.find("Utf8 ");
    if (type != std::string::npos && line.find("SQL type") == std::string::npos) {
      starts.push_back(engine::DisplayWidth(line.substr(0, type)));
    }
  }
  ASSERT_GE(starts.size(), 3u);
  for (const size_t column : starts) EXPECT_EQ(column, starts[0]) << report;
}

}  // namespace
}  // namespace sumac::cli
