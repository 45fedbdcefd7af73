// The virtual columns of an accelerated copy answer as those of the table that it is a copy of.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/credentials_cache.h"
#include "engine/database.h"
#include "engine/remote_table.h"
#include "fake_dynamodb/fake_dynamodb.h"
#include "items/page_summary.h"
#include "net/curl_transport.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::FakeDynamodb;
using testing::HasSubstr;

constexpr char kSampledItem[] =
    R"({"Items":[{"id":{"N":"1"},"name":{"S":"u"},"x":{"N":"1"},"m":{"M":{"a":{"S":"b"}}}}]})";

// A table whose items have more than its schema, as three datasets: `remote`, `copy` with whole
// items, and `bare` without.
class CopiedColumnsTest : public testing::Test {
 protected:
  void Load(fake_dynamodb::TableDefinition table, const std::string& sampled = kSampledItem) {
    fake_ = FakeDynamodb::Start({}).value();
    const std::string table_name = table.name;
    ASSERT_TRUE(fake_->AddTable(std::move(table)).has_value());
    engine::DatabaseOptions options;
    options.threads = 2;
    database_ = engine::Database::Open(options).value();
    session_ = database_->Connect();

    items::TypeSummary summary;
    std::string page = sampled;
    page.reserve(page.size() + net::kBodyPaddingBytes);
    ASSERT_TRUE(items::SummarizePage(page, {}, summary));
    engine::RemoteTable remote;
    remote.dataset_name = "remote";
    remote.table_name = table_name;
    remote.client = MakeClient();
    remote.schema = std::make_shared<const items::ItemSchema>(
        items::MakeItemSchema(summary, {{"id", dynamodb::KeyType::kNumber}}, {}).value());
    remote.scan.total_segments = 3;
    const auto source = engine::MakeRemoteTableSource(std::move(remote));
    ASSERT_TRUE(database_->RegisterTable("remote", source));
    for (const bool keep_item : {true, false}) {
      engine::CopyRequest copying;
      copying.facts.dataset_name = "remote";
      copying.keep_item = keep_item;
      auto copy = database_->MemoryCopies()->Create(source, copying);
      ASSERT_TRUE(copy) << copy.error().message;
      ASSERT_TRUE(database_->RegisterTable(keep_item ? "copy" : "bare", copy->source));
    }
  }

  // 2,500 items in several pages and vectors.
  void LoadUsers() {
    fake_dynamodb::TableDefinition users{.name = "users", .keys = {{"id", 'N'}}};
    for (int i = 0; i < 2'500; ++i) {
      const auto name = i % 50 == 7 ? fmt::format(R"({{"L":[{{"N":"{}"}}]}})", i)
                                    : fmt::format(R"({{"S":"u{}"}})", i);
      const auto rare = i % 10 == 3 ? fmt::format(R"(,"rare":{{"S":"r{}"}})", i) : "";
      users.items.push_back(fmt::format(
          R"({{"id":{{"N":"{}"}},"name":{},"x":{{"N":"{}"}},"m":{{"M":{{"a":{{"S":"{}"}}}}}}{}}})",
          i, name, i * 7'919 % 5'003, i % 4, rare));
    }
    users.page_items_max = 400;
    Load(std::move(users));
  }

  std::shared_ptr<dynamodb::Client> MakeClient() const {
    dynamodb::ClientOptions options;
    options.endpoint_url = fake_->endpoint_url();
    options.region = "us-west-2";
    auto clock = std::make_shared<aws::SigningClock>(std::make_shared<SystemClock>());
    auto credentials = aws::MakeStaticCredentials(
        aws::Credentials{"AKIDFAKE", SecretString("fake/secret+key"), SecretString(), std::nullopt},
        clock);
    return std::make_shared<dynamodb::Client>(net::CurlTransport::Create({}).value(), credentials,
                                              clock, options);
  }

  // `sql` with {0} for the dataset; "error: ..." or the rows.
  std::string Run(const std::string& sql, const std::string& dataset,
                  engine::QueryParameters parameters = {}) {
    auto stream = session_->Execute(fmt::format(fmt::runtime(sql), dataset), std::move(parameters));
    if (!stream) return "error: " + stream.error().message;
    std::string text;
    for (const auto& column : (*stream)->Columns()) text += column.name + " | ";
    while (true) {
      auto chunk = (*stream)->Next();
      if (!chunk) return "error: " + chunk.error().message;
      if (!*chunk) return text;
      for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
        text += "\n";
        for (duckdb::idx_t i = 0; i < (*chunk)->ColumnCount(); ++i) {
          text += (*chunk)->GetValue(i, row).ToString() + " | ";
        }
      }
    }
  }

  std::unique_ptr<FakeDynamodb> fake_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Session> session_;
};

TEST_F(CopiedColumnsTest, AnswerAsTheTableItself) {
  LoadUsers();
  const char* queries[] = {
      "SELECT * FROM {0} ORDER BY id LIMIT 20",
      "SELECT *, _item, _overflow FROM {0} ORDER BY id",
      "SELECT _item FROM {0} WHERE id = 77",
      "SELECT _item FROM {0} ORDER BY x LIMIT 5",
      "SELECT name, _item, _overflow FROM {0} ORDER BY x DESC LIMIT 5 OFFSET 3",
      "SELECT _overflow FROM {0} WHERE m.a = '3' ORDER BY x LIMIT 5",
      "SELECT id FROM {0} ORDER BY _item LIMIT 3",
      "SELECT id, _overflow FROM {0} WHERE _overflow IS NOT NULL ORDER BY id",
      "SELECT id, m.a, _overflow FROM {0} WHERE m.a = '3' AND _overflow IS NOT NULL ORDER BY id",
      "SELECT x FROM {0} WHERE _overflow LIKE '%r13%' AND id < 1400 ORDER BY id",
      "SELECT id FROM {0} WHERE _overflow = '{{\"rare\":\"r13\"}}'",
      "SELECT id FROM {0} WHERE _overflow IN ('{{\"rare\":\"r13\"}}', '{{\"rare\":\"r23\"}}') OR "
      "id = 4 ORDER BY id",
      "SELECT id FROM {0} WHERE _item::VARCHAR > '{{\"id\":{{\"N\":\"990' ORDER BY id",
      "SELECT id FROM {0} WHERE id BETWEEN 3 AND 13 AND _overflow IS NULL ORDER BY _item DESC",
      "SELECT count(*) FROM {0}",
      "SELECT count(*) FROM {0} WHERE _overflow IS NULL",
      "SELECT count(*), count(_item), count(_overflow), min(_item), max(_overflow) FROM {0}",
      "SELECT count(*) FROM (SELECT _item FROM {0} LIMIT 17)",
      "SELECT DISTINCT _overflow IS NULL FROM {0} ORDER BY 1",
      "SELECT _item->>'$.rare.S', count(*) FROM {0} WHERE x > 1500 AND _overflow IS NOT NULL "
      "GROUP BY 1 ORDER BY 1 LIMIT 7",
      "SELECT a.id, b._item FROM {0} a JOIN {0} b ON a.x = b.id WHERE a.id < 5 ORDER BY 1",
      "SELECT a.id FROM {0} a JOIN {0} b ON a._item = b._item WHERE b.id IN (4, 8) ORDER BY 1",
      "SELECT a.id, b._overflow FROM {0} a LEFT JOIN {0} b ON a._overflow = b._overflow "
      "WHERE a.id < 30 ORDER BY 1",
      "SELECT id FROM {0} WHERE id IN (SELECT x FROM {0} WHERE _overflow IS NOT NULL) "
      "AND _overflow IS NOT NULL ORDER BY id",
      "WITH t AS MATERIALIZED (SELECT id, _item FROM {0}) SELECT max(_item) FROM t WHERE id < 9",
      "SELECT COLUMNS(*) FROM {0} ORDER BY id LIMIT 1",
      "SELECT id FROM (SELECT id, _overflow FROM {0} WHERE x < 900 LIMIT 100000) "
      "WHERE _overflow IS NOT NULL ORDER BY 1",
      "SELECT u.id, u._overflow FROM {0} AS u WHERE u._overflow IS NOT NULL ORDER BY u.x LIMIT 3",
      "SELECT public.{0}._item FROM public.{0} ORDER BY id LIMIT 1",
      // DuckDB copies the part of the plan that is used twice below a limit.
      "WITH t AS (SELECT id, _item FROM {0} WHERE id IN (4, 5)) "
      "SELECT count(*), max(i), max(j) FROM (SELECT a._item AS i, b._item AS j FROM t a, t b "
      "LIMIT 4)",
      "DESCRIBE {0}",
      "SELECT column_name FROM information_schema.columns WHERE table_name = '{0}' ORDER BY 1",
      "PREPARE q AS SELECT _item FROM {0} WHERE id = $1 AND _overflow IS NULL; EXECUTE q(5)",
  };
  for (const char* query : queries) {
    const auto expected = Run(query, "remote");
    EXPECT_THAT(expected, Not(HasSubstr("error: "))) << query;
    EXPECT_EQ(Run(query, "copy"), expected) << query;
  }
  for (const int i : {3, 7, 13}) {
    engine::QueryParameters parameters;
    parameters.positional = {duckdb::Value::BIGINT(i)};
    const char* query = "SELECT _item, _overflow FROM {0} WHERE id = $1";
    EXPECT_EQ(Run(query, "copy", parameters), Run(query, "remote", parameters)) << i;
  }
}

TEST_F(CopiedColumnsTest, AreHidden) {
  LoadUsers();
  EXPECT_EQ(Run("SELECT * FROM {0} LIMIT 0", "copy"), "id | m | name | x | ");
  EXPECT_THAT(Run("DESCRIBE {0}", "copy"), Not(HasSubstr("_item")));
}

TEST_F(CopiedColumnsTest, ACopyWithoutItemsSaysHowToKeepThem) {
  LoadUsers();
  for (const char* query :
       {"SELECT _item FROM {0}", "SELECT id FROM {0} WHERE _item LIKE 'x%' LIMIT 1",
        "SELECT a.id FROM {0} a JOIN {0} b ON a._item = b._item",
        "EXPLAIN SELECT max(_item) FROM {0}", "PREPARE q AS SELECT _item FROM {0}"}) {
    EXPECT_EQ(Run(query, "bare"),
              "error: dataset 'bare' is accelerated, and its copy has no '_item'; set "
              "acceleration.params.keep_item: true, or query the dataset without acceleration")
        << query;
  }
  EXPECT_THAT(Run("SELECT _overflow FROM {0}", "bare"), HasSubstr("no '_overflow'"));
  EXPECT_EQ(Run("SELECT count(*) FROM {0}", "bare"), "count_star() | \n2500 | ");
  EXPECT_EQ(Run("SELECT * FROM {0} ORDER BY id LIMIT 9", "bare"),
            Run("SELECT * FROM {0} ORDER BY id LIMIT 9", "remote"));
}

TEST_F(CopiedColumnsTest, GiveWayToAttributesOfTheirName) {
  fake_dynamodb::TableDefinition table{.name = "odd", .keys = {{"id", 'N'}}};
  table.items = {R"({"id":{"N":"1"},"_item":{"S":"mine"},"_OVERFLOW":{"S":"too"},"z":{"S":"z"}})"};
  Load(std::move(table),
       R"({"Items":[{"id":{"N":"1"},"_item":{"S":""},"_OVERFLOW":{"S":""},"a \"b":{"S":""}}]})");
  for (const char* query :
       {"SELECT * FROM {0}", "SELECT _item, _item_2, _overflow, _overflow_2 FROM {0}",
        "SELECT _item FROM {0} WHERE _overflow_2 IS NOT NULL AND _item_2 LIKE '%mine%'"}) {
    const auto expected = Run(query, "remote");
    EXPECT_THAT(expected, HasSubstr("mine")) << query;
    EXPECT_EQ(Run(query, "copy"), expected) << query;
  }
  EXPECT_THAT(Run("SELECT _item_2 FROM {0}", "bare"), HasSubstr("no '_item_2'"));
}

}  // namespace
}  // namespace sumac::datasets
