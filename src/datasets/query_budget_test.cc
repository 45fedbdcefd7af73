// What a query may cost: estimated before, and held to while it runs.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/runtime.h"
#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::FakeDynamodb;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// 400 orders of 1 KB each, in 40 partitions of 10: about 50 read units, in pages of 20. One more
// partition, of the same size as all of them, is in a table of its own.
class QueryBudgetTest : public testing::Test {
 protected:
  void SetUp() override {
    fake_dynamodb::FakeOptions options;
    options.check_signatures = false;
    fake_ = FakeDynamodb::Start(options).value();
    AddTable("orders", 10, false);
    AddTable("paid_by_the_hour", 10, true);
    AddTable("one_partition", 400, false);
  }

  void AddTable(const std::string& name, int items_per_partition, bool provisioned) {
    fake_dynamodb::TableDefinition table{.name = name,
                                         .keys = {{"customer", 'S'}, {"number", 'N'}}};
    for (int i = 0; i < 400; ++i) {
      table.items.push_back(
          fmt::format(R"({{"customer":{{"S":"c{}"}},"number":{{"N":"{}"}},"note":{{"S":"{}"}}}})",
                      i / items_per_partition, i % items_per_partition, std::string(1'000, 'x')));
    }
    table.page_items_max = 20;
    table.throughput.provisioned = provisioned;
    if (provisioned) table.throughput.read_units = 100;
    ASSERT_TRUE(fake_->AddTable(table).has_value());
  }

  std::string Dataset(const std::string& table, const std::string& params,
                      const std::string& more = "") const {
    return fmt::format(
        "  - from: dynamodb:{0}\n    name: {0}\n    params:\n      endpoint_url: {1}\n"
        "      dynamodb_aws_access_key_id: AKIDFAKE\n      dynamodb_aws_secret_access_key: k\n"
        "      schema_infer_max_records: 20\n      scan_segments: 1\n{2}{3}",
        table, fake_->endpoint_url(), params, more);
  }

  void Load(const std::string& datasets, const std::string& runtime = "",
            const std::string& region = "us-west-2") {
    auto loaded = spicepod::ParseSpicepod(
        "version: v1\nkind: Spicepod\nname: test\n" + runtime + "datasets:\n" + datasets,
        "spicepod.yaml");
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
    RuntimeOptions options;
    options.database.threads = 2;
    options.environment = {{"AWS_REGION", region}};
    runtime_ = Runtime::Create(std::move(loaded->pod), options).value();
    runtime_->Load();
  }

  // "10 rows", or the error.
  std::string Ask(const std::string& sql, engine::QueryParameters parameters = {}) {
    session_ = runtime_->Connect();
    before_ = fake_->RequestCount();
    auto stream = session_->Execute(sql, std::move(parameters));
    if (!stream) return Failed(stream.error());
    uint64_t rows = 0;
    while (true) {
      auto chunk = (*stream)->Next();
      if (!chunk) return Failed(chunk.error());
      if (!*chunk) return std::to_string(rows) + " rows";
      rows += (*chunk)->size();
    }
  }

  static std::string Failed(const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::kResourceExhausted) << error.message;
    EXPECT_EQ(error.blame, Blame::kUser);
    EXPECT_EQ(error.message.find('\n'), std::string::npos);
    return error.message;
  }

  size_t RequestsOfLast() const { return fake_->RequestCount() - before_; }
  double UnitsOfLast() const {
    return engine::TotalOf(session_->Progress().read).consumed_read_units;
  }

  std::unique_ptr<FakeDynamodb> fake_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<engine::Session> session_;
  size_t before_ = 0;
};

TEST_F(QueryBudgetTest, WhatIsOverTheBudgetIsRefusedBeforeAnythingIsRead) {
  const std::string all = "SELECT * FROM orders";
  const struct {
    const char* params;
    std::string sql;
    const char* refusal;  // empty: it runs
  } cases[] = {
      {"query_budget_rcu: 20", all, "dataset 'orders': the query would cost about "},
      {"query_budget_rcu: 20", all,
       "; its query_budget_rcu of 20 is less; have it read less, by a key or a LIMIT, or give it a "
       "larger budget"},
      {"query_budget_rcu: 20", "SELECT count(*) FROM orders", "would cost about"},
      {"query_budget_rcu: 20", all + " WHERE note = 'y'", "would cost about"},
      {"query_budget_rcu: 20", all + " WHERE customer = 'c1'", ""},
      {"query_budget_rcu: 20", all + " LIMIT 10", ""},
      {"query_budget_rcu: 20", all + " LIMIT 300", "would cost at least"},
      {"query_budget_rcu: 20", "EXPLAIN " + all, ""},
      {"query_budget_rcu: 20", "EXPLAIN ANALYZE " + all, "would cost about"},
      {"query_budget_rcu: 80", all, ""},
      {"query_budget_rcu: 80", "SELECT * FROM orders UNION ALL SELECT * FROM orders",
       "would cost about"},
      {"query_budget_rcu: 80", "SELECT (SELECT count(*) FROM orders), count(note) FROM orders",
       "would cost about"},
      // 8 read units.
      {"query_budget_dollars: 0.000001", all, "($0.000006"},
      {"query_budget_dollars: 0.000001", all, "its query_budget_dollars of $0.0000010 is less"},
      {"query_budget_dollars: 0.000001", all + " WHERE customer = 'c1'", ""},
      {"query_budget_dollars: 0.01", all, ""},
      {"query_budget_dollars: 0.01\n      read_price_per_million: 1000", all, "($0.0"},
      {"query_budget_dollars: 0.01\n      query_budget_rcu: 20", all, "query_budget_rcu of 20"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(std::string(test.params) + ": " + test.sql);
    Load(Dataset("orders", fmt::format("      {}\n", test.params)));
    const auto answer = Ask(test.sql);
    if (test.refusal[0] == '\0') {
      EXPECT_THAT(answer, HasSubstr(" rows"));
    } else {
      EXPECT_THAT(answer, HasSubstr(test.refusal));
      EXPECT_EQ(RequestsOfLast(), 0u);
    }
  }
}

TEST_F(QueryBudgetTest, FullScansCanBeForbidden) {
  Load(Dataset("orders", "      allow_full_scan: false\n"));
  const std::string all = "SELECT * FROM orders";
  const struct {
    std::string sql;
    bool allowed;
  } cases[] = {
      {all, false},
      {"SELECT count(*) FROM orders", false},
      {all + " WHERE number = 3", false},
      {all + " WHERE number = 3 LIMIT 5", false},
      {all + " ORDER BY number LIMIT 5", false},
      {"SELECT DISTINCT note FROM orders LIMIT 1", false},
      {all + " LIMIT 1000", false},
      {all + " LIMIT 5", true},
      {"SELECT upper(note) FROM orders LIMIT 5 OFFSET 20", true},
      {all + " UNION ALL " + all + " LIMIT 5", true},
      {"(" + all + " UNION " + all + ") LIMIT 5", false},
      {all + " o JOIN (VALUES (NULL::VARCHAR)) t(c) ON o.customer = t.c", true},
      {all + " o JOIN (VALUES ('x'), ('y')) t(n) ON o.note = t.n", false},
      {all + " WHERE customer = 'c1'", true},
      {all + " WHERE customer IN ('c1', 'c2') AND note = 'x'", true},
      {all + " WHERE customer = 'a' AND customer = 'b'", true},
      {"EXPLAIN " + all, true},
      {"PREPARE p AS SELECT * FROM orders WHERE customer = $1", true},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.sql);
    const auto answer = Ask(test.sql);
    EXPECT_EQ(answer.ends_with(" rows"), test.allowed) << answer;
    if (test.allowed) continue;
    EXPECT_EQ(RequestsOfLast(), 0u);
    EXPECT_THAT(answer, StartsWith("dataset 'orders': the query would scan the whole table, "));
    EXPECT_THAT(answer, HasSubstr("RCU ($0.00000"));
    EXPECT_THAT(answer, HasSubstr("allow_full_scan is false; say what the partition key "
                                  "\"customer\" is, or take a LIMIT and no filter"));
  }
  engine::QueryParameters parameters;
  parameters.positional = {duckdb::Value("c1")};
  EXPECT_EQ(Ask("SELECT * FROM orders WHERE customer = $1", parameters), "10 rows");
}

TEST_F(QueryBudgetTest, WhatMayNotBeQueriedIsNotScannedInstead) {
  for (const bool allowed : {false, true}) {
    Load(Dataset("orders", fmt::format("      allow_full_scan: {}\n", allowed)));
    fake_->faults().Next("Query", fake_dynamodb::Fault::AccessDenied());
    const size_t scans = fake_->RequestCount("Scan");
    auto session = runtime_->Connect();
    const auto stream = session->Execute("SELECT * FROM orders WHERE customer = 'c1'");
    EXPECT_EQ(stream.has_value(), allowed);
    if (!stream) {
      EXPECT_EQ(stream.error().code, ErrorCode::kPermissionDenied);
    }
    EXPECT_EQ(fake_->RequestCount("Scan") > scans, allowed);
  }
}

// How much a partition holds nobody knows before.
TEST_F(QueryBudgetTest, AQueryThatGoesOverItsBudgetIsStopped) {
  for (const double budget : {1.0, 5.0, 20.0, 40.0}) {
    SCOPED_TRACE(budget);
    Load(Dataset("one_partition", fmt::format("      query_budget_rcu: {}\n", budget)));
    const auto answer = Ask("SELECT sum(number) FROM one_partition WHERE customer = 'c0'");
    EXPECT_THAT(answer, StartsWith("dataset 'one_partition': the query was stopped: it has cost "));
    EXPECT_THAT(answer, HasSubstr(fmt::format("its query_budget_rcu of {} is spent", budget)));
    // The smallest page may not fit any more.
    EXPECT_LE(UnitsOfLast(), budget);
    EXPECT_GT(UnitsOfLast(), budget / 2);
  }
  Load(Dataset("one_partition", "      query_budget_rcu: 200\n"));
  EXPECT_EQ(Ask("SELECT note FROM one_partition WHERE customer = 'c0'"), "400 rows");
  // Half of the budget for each.
  Load(Dataset("one_partition", "      query_budget_rcu: 80\n"));
  EXPECT_THAT(Ask("SELECT count(a.note) FROM one_partition a, one_partition b "
                  "WHERE a.customer = 'c0' AND b.customer = 'c0'"),
              HasSubstr("the query was stopped"));
  EXPECT_LE(UnitsOfLast(), 80);
}

// What was paid for is given before it fails.
TEST_F(QueryBudgetTest, RowsThatWerePaidForAreEnoughForALimit) {
  Load(Dataset("one_partition", "      query_budget_rcu: 5\n"));
  EXPECT_EQ(Ask("SELECT note FROM one_partition WHERE customer = 'c0' LIMIT 3"), "3 rows");
  EXPECT_LE(UnitsOfLast(), 5);
}

TEST_F(QueryBudgetTest, StatementsOfOneTextShareIt) {
  Load(Dataset("orders", "      query_budget_rcu: 80\n"));
  EXPECT_EQ(Ask("SELECT * FROM orders"), "400 rows");
  EXPECT_EQ(Ask("SELECT * FROM orders"), "400 rows");
  EXPECT_THAT(Ask("SELECT * FROM orders; SELECT * FROM orders"), HasSubstr("RCU already"));
}

TEST_F(QueryBudgetTest, ProvisionedCapacityIsPaidForAnyhow) {
  Load(Dataset("paid_by_the_hour", "      query_budget_dollars: 0.000001\n"));
  EXPECT_EQ(Ask("SELECT * FROM paid_by_the_hour"), "400 rows");
  EXPECT_EQ(session_->Progress().dollars, 0.0);
  Load(Dataset("paid_by_the_hour",
               "      query_budget_dollars: 0.000001\n"
               "      read_price_per_million: 0.05\n"));
  EXPECT_THAT(Ask("SELECT * FROM paid_by_the_hour"), HasSubstr("would cost about"));
}

TEST_F(QueryBudgetTest, ABudgetInDollarsNeedsAPrice) {
  Load(Dataset("orders", "      query_budget_dollars: 1\n"), "", "mars-north-1");
  const auto failed = runtime_->Datasets()[0].error;
  ASSERT_TRUE(failed.has_value());
  EXPECT_EQ(failed->message,
            "dataset 'orders': parameter 'query_budget_dollars' needs a price, and none is known "
            "for table 'orders' in mars-north-1; give read_price_per_million as well, or "
            "query_budget_rcu instead");
  Load(Dataset("orders", "      query_budget_dollars: 1\n      read_price_per_million: 0.2\n"), "",
       "mars-north-1");
  EXPECT_EQ(Ask("SELECT * FROM orders"), "400 rows");
  Load(Dataset("orders", ""), "", "mars-north-1");
  EXPECT_EQ(Ask("SELECT * FROM orders"), "400 rows");
  EXPECT_EQ(session_->Progress().dollars, std::nullopt);
}

TEST_F(QueryBudgetTest, TheRuntimeHasDefaults) {
  const std::string runtime =
      "runtime: {params: {allow_full_scan: false, query_budget_rcu: 20, task_history: x}}\n";
  Load(Dataset("orders", ""), runtime);
  EXPECT_THAT(Ask("SELECT * FROM orders"), HasSubstr("allow_full_scan is false"));
  Load(Dataset("orders", "      allow_full_scan: true\n"), runtime);
  EXPECT_THAT(Ask("SELECT * FROM orders"), HasSubstr("query_budget_rcu of 20 is less"));
  Load(Dataset("orders", "      allow_full_scan: true\n      query_budget_rcu: none\n"), runtime);
  EXPECT_EQ(Ask("SELECT * FROM orders"), "400 rows");
}

// To be copied a table has to be read; queries of the copy read nothing of it.
TEST_F(QueryBudgetTest, AccelerationIsNotHeldToIt) {
  Load(Dataset("orders", "      allow_full_scan: false\n      query_budget_rcu: 1\n",
               "    acceleration: {enabled: true}\n"));
  EXPECT_EQ(Ask("SELECT * FROM orders"), "400 rows");
  EXPECT_EQ(RequestsOfLast(), 0u);
}

TEST_F(QueryBudgetTest, AQuerySaysWhatItHasCost) {
  Load(Dataset("orders", ""));
  EXPECT_EQ(Ask("SELECT note FROM orders WHERE customer IN ('c1', 'c2')"), "20 rows");
  EXPECT_NEAR(*session_->Progress().dollars, UnitsOfLast() * 0.125e-6, 1e-12);
  const auto logged = session_->Requests();
  ASSERT_EQ(logged.calls.size(), 2u);
  EXPECT_EQ(logged.calls[0].operation, "Query");
  EXPECT_THAT(logged.calls[0].key_condition, HasSubstr("\"customer\" = "));
  EXPECT_EQ(logged.calls[0].items, 10u);
  EXPECT_EQ(logged.calls[0].read_units + logged.calls[1].read_units, UnitsOfLast());
  Ask("SELECT 1");
  EXPECT_TRUE(session_->Requests().calls.empty());
}

// DescribeTable said how large it is; the scan has seen it.
TEST_F(QueryBudgetTest, EstimatesAreWhatItCosts) {
  Load(Dataset("orders", ""));
  const auto explain = [this](const std::string& sql) {
    auto session = runtime_->Connect();
    auto stream = session->Execute("EXPLAIN " + sql);
    const auto chunk = (*stream)->Next();
    // Without its frames, and where a line was broken.
    std::string text;
    for (const char c : (*chunk)->GetValue(1, 0).ToString()) {
      const bool letter = static_cast<unsigned char>(c) < 0x80 && c != '\n';
      if (letter && (c != ' ' || (!text.empty() && text.back() != ' '))) text += c;
    }
    return text;
  };
  const auto before = explain("SELECT note FROM orders");
  EXPECT_THAT(before, HasSubstr("Estimated requests: about 1 "));
  EXPECT_THAT(before, HasSubstr("Estimated RCU: about 5"));
  EXPECT_THAT(before, HasSubstr("Estimated cost: about $0.000006"));
  EXPECT_THAT(before, Not(HasSubstr("Estimated time")));
  Ask("SELECT note FROM orders");
  const double units = UnitsOfLast();
  EXPECT_THAT(explain("SELECT note FROM orders"),
              HasSubstr(fmt::format("Estimated RCU: about {:g} ", units)));
  EXPECT_THAT(explain("SELECT note FROM orders WHERE customer = 'c1' AND number = 2"),
              HasSubstr("Estimated RCU: about 0.5 "));
  EXPECT_THAT(explain("SELECT note FROM orders WHERE customer = 'c1'"),
              HasSubstr("Estimated RCU: 0.5 or more "));
  Load(Dataset("paid_by_the_hour", ""));
  const auto provisioned = explain("SELECT note FROM paid_by_the_hour");
  EXPECT_THAT(provisioned, HasSubstr("nothing beyond the provisioned"));
  EXPECT_THAT(provisioned, HasSubstr("Estimated time"));
}

}  // namespace
}  // namespace sumac::datasets
