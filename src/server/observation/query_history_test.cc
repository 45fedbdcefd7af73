#include "server/observation/query_history.h"

#include <fstream>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/observation/server_metrics.h"
#include "server/observation/task_history_table.h"

namespace sumac::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

class QueryHistoryTest : public testing::Test {
 protected:
  void Create(QueryHistoryOptions options = {}) {
    history_ = QueryHistory::Create(options, clock_, &metrics_);
  }
  std::unique_ptr<RunningQuery> Begin(const std::string& sql = "SELECT 1") {
    return history_->Begin(sql, "http", MakeRequestContext("id-1", ""));
  }
  void Run(const std::string& sql, milliseconds took = milliseconds(1)) {
    const auto query = Begin(sql);
    clock_->Advance(took);
    query->End({}, nullptr);
  }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts;
    for (const auto& query : history_->Ended()) texts.push_back(query.sql);
    return texts;
  }

  std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(WallTime(std::chrono::hours(24 * 365)));
  Metrics metrics_;
  std::shared_ptr<QueryHistory> history_;
};

TEST_F(QueryHistoryTest, KeepsWhatAQueryWas) {
  Create({.captures_output = true});
  auto query = Begin("SELECT 'é'");
  query->AddBinaryOutput(2, 0);
  query->AddOutput(0, "[1,");
  query->AddOutput(0, "2]");
  clock_->Advance(milliseconds(1500));
  EXPECT_TRUE(history_->Ended().empty());
  query->End({12.5, 700}, nullptr);
  query.reset();
  ASSERT_EQ(history_->Ended().size(), 1U);
  const auto ended = history_->Ended().front();
  EXPECT_EQ(ended.sql, "SELECT 'é'");
  EXPECT_EQ(ended.output, "[1,2]");
  EXPECT_EQ(ended.rows, 2U);
  EXPECT_EQ(ended.bytes, 5U);
  EXPECT_EQ(ended.duration_ms, 1500);
  EXPECT_EQ(ended.ended_at - ended.began_at, milliseconds(1500));
  EXPECT_EQ(ended.cost.consumed_read_units, 12.5);
  EXPECT_EQ(ended.context.request_id, "id-1");
  EXPECT_EQ(ended.error_code, "");
}

TEST_F(QueryHistoryTest, CountsHowQueriesEnd) {
  Create();
  auto running = Begin();
  EXPECT_THAT(metrics_.Text(), HasSubstr("query_active_count 1"));
  running->AddBinaryOutput(3, 40);
  clock_->Advance(milliseconds(30));
  running->BeginExecution();
  clock_->Advance(milliseconds(7));
  running->End({}, nullptr);
  const Error error = UserError(ErrorCode::kThrottled, "slow down");
  Begin()->End({1, 20}, &error);
  Begin().reset();  // nobody said how it went
  Begin()->EndCached("[]");
  const auto text = metrics_.Text();
  EXPECT_THAT(text, HasSubstr("query_active_count 0"));
  EXPECT_THAT(text, HasSubstr("query_executions{protocol=\"http\"} 4"));
  EXPECT_THAT(text, HasSubstr("query_failures{code=\"throttled\",protocol=\"http\"} 1"));
  EXPECT_THAT(text, HasSubstr("query_failures{code=\"cancelled\",protocol=\"http\"} 1"));
  EXPECT_THAT(text, HasSubstr("query_returned_rows{protocol=\"http\"} 3"));
  EXPECT_THAT(text, HasSubstr("query_returned_bytes{protocol=\"http\"} 42"));
  EXPECT_THAT(text, HasSubstr("query_duration_ms_count{protocol=\"http\"} 4"));
  EXPECT_THAT(text, HasSubstr("query_duration_ms_sum{protocol=\"http\"} 37"));
  EXPECT_THAT(text, HasSubstr("query_execution_duration_ms_sum{protocol=\"http\"} 7"));
  EXPECT_THAT(text, HasSubstr("query_processed_bytes{protocol=\"http\"} 20"));
  EXPECT_FALSE(history_->Ended().back().rows.has_value());
  EXPECT_TRUE(history_->Ended().back().cached);
}

TEST_F(QueryHistoryTest, KeepsPlansOfWhatTookLong) {
  Create({.captures_plans = true, .min_plan_duration = milliseconds(10)});
  const auto query = Begin();
  EXPECT_FALSE(query->WantsPlan());
  clock_->Advance(milliseconds(10));
  EXPECT_TRUE(query->WantsPlan());
  query->SetPlan(std::string(20'000, 'x'));
  query->End({}, nullptr);
  EXPECT_FALSE(query->WantsPlan());
  EXPECT_THAT(history_->Ended().front().plan, testing::SizeIs((16 << 10) + 3));
  Create();
  EXPECT_FALSE(Begin()->WantsPlan());
}

TEST_F(QueryHistoryTest, ForgetsWhatIsOldShortOrTooMuch) {
  Create({.retention_period = std::chrono::hours(1),
          .min_sql_duration = milliseconds(10),
          .queries_max = 3});
  Run("short", milliseconds(9));
  Run("a", milliseconds(10));
  clock_->Advance(std::chrono::minutes(59));
  Run("b", milliseconds(10));
  EXPECT_EQ(Texts(), (std::vector<std::string>{"a", "b"}));
  clock_->Advance(std::chrono::minutes(2));
  EXPECT_EQ(Texts(), std::vector<std::string>{"b"});
  for (const char* sql : {"c", "d", "e"}) Run(sql, milliseconds(10));
  EXPECT_EQ(Texts(), (std::vector<std::string>{"c", "d", "e"}));
}

TEST_F(QueryHistoryTest, BoundsItsMemory) {
  Create({.bytes_max = 100'000});
  for (int i = 0; i < 50; ++i) Run(std::string(1'000'000, 'x'));
  EXPECT_EQ(history_->Ended().size(), 5U);
  EXPECT_EQ(history_->Ended().front().sql.size(), 16U << 10);
  // A character is not cut in two.
  Run(std::string((16 << 10) - 1, 'x') + "é");
  EXPECT_EQ(history_->Ended().back().sql.size(), (16U << 10) - 1);
}

TEST_F(QueryHistoryTest, KeepsNothingWhenItIsNotWanted) {
  Create({.enabled = false});
  Run("a");
  EXPECT_TRUE(history_->Ended().empty());
  EXPECT_THAT(metrics_.Text(), HasSubstr("query_executions{protocol=\"http\"} 1"));
  Create();
  auto query = Begin();
  query->AddOutput(1, "secret");
  query->End({}, nullptr);
  EXPECT_EQ(history_->Ended().front().output, "");
}

TEST_F(QueryHistoryTest, IsATable) {
  Create();
  const Error error = UserError(ErrorCode::kNotFound, "no such table");
  auto query = Begin("SELECT * FROM gone");
  clock_->Advance(milliseconds(5));
  query->End({}, &error);
  const auto columns = TaskHistoryColumns();
  const auto rows = TaskHistoryRows(*history_);
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_EQ(rows[0].size(), columns.size());
  std::map<std::string, std::string> row;
  for (size_t i = 0; i < columns.size(); ++i) {
    EXPECT_TRUE(rows[0][i].IsNull() || rows[0][i].type() == columns[i].type) << columns[i].name;
    row[columns[i].name] = rows[0][i].ToString();
  }
  EXPECT_EQ(row["task"], "sql_query");
  EXPECT_EQ(row["input"], "SELECT * FROM gone");
  EXPECT_EQ(row["execution_duration_ms"], "5.0");
  EXPECT_EQ(row["error_message"], "no such table");
  EXPECT_EQ(row["parent_span_id"], "NULL");
  EXPECT_EQ(row["start_time"], "1971-01-01 00:00:00+00");
  EXPECT_THAT(row["labels"], HasSubstr("error_code=not_found"));

  // One bad text leaves the others readable.
  Begin("SELECT \xff")->End({}, nullptr);
  EXPECT_EQ(TaskHistoryRows(*history_)[1][4].ToString(), "(not valid UTF-8)");
}

TEST(ServerMetricsTest, AreThoseOfTheDocumentation) {
  std::ifstream file(std::string(SUMAC_SOURCE_DIR) + "/docs/metrics.md");
  ASSERT_TRUE(file.is_open());
  const std::regex row(
      R"(\| `((?:query|http|flight|runtime_http|runtime_flight)_[a-z_]+)` \| ([a-z]+) \| ([^|]*)\|.*)");
  std::map<std::string, std::string> documented;
  std::string line;
  std::smatch match;
  while (std::getline(file, line)) {
    if (!std::regex_match(line, match, row)) continue;
    std::string labels = match[3];
    std::erase_if(labels, [](char c) { return c == '`' || c == ' '; });
    documented[match[1]] = std::string(match[2]) + ":" + labels;
  }
  std::map<std::string, std::string> defined;
  for (const auto* metric : AllServerMetrics()) {
    static const char* const kKinds[] = {"counter", "gauge", "histogram"};
    auto& text = defined[metric->name];
    text = std::string(kKinds[static_cast<int>(metric->kind)]) + ":";
    for (const char* label : metric->labels) {
      text += (text.ends_with(':') ? "" : ",") + std::string(label);
    }
  }
  EXPECT_EQ(documented, defined);
}

}  // namespace
}  // namespace sumac::server
