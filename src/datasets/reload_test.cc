// Another Spicepod for a Runtime that serves.
#include <algorithm>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/copy_refresh_fixture.h"

namespace sumac::datasets {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class ReloadTest : public CopyRefreshFixture {
 protected:
  void SetUp() override {
    CopyRefreshFixture::SetUp();
    SetTable("users", 3);
    SetTable("orders", 5);
  }

  void SetTable(const std::string& name, int rows) {
    fake_dynamodb::TableDefinition table{.name = name, .keys = {{"id", 'N'}}};
    for (int i = 0; i < rows; ++i) table.items.push_back(Item(i));
    ASSERT_TRUE(fake_->AddTable(table).has_value());
  }

  // A dataset of the fake; `more` are further lines of it.
  std::string Dataset(const std::string& table, const std::string& name,
                      const std::string& more = "") const {
    return fmt::format(
        "  - from: dynamodb:{}\n    name: {}\n    params:\n"
        "      dynamodb_aws_region: us-west-2\n      endpoint_url: {}\n"
        "      dynamodb_aws_access_key_id: ${{secrets:KEY}}\n"
        "      dynamodb_aws_secret_access_key: ${{secrets:SECRET}}\n{}",
        table, name, fake_->endpoint_url(), more);
  }

  spicepod::Spicepod Pod(const std::string& datasets, const std::string& views = "",
                         const std::string& more = "") const {
    auto loaded = spicepod::ParseSpicepod("version: v1\nkind: Spicepod\nname: test\n" + more +
                                              "views:\n" + views + "datasets:\n" + datasets,
                                          "spicepod.yaml", folder_.string());
    EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
    return loaded ? std::move(loaded->pod) : spicepod::Spicepod();
  }

  void StartWith(spicepod::Spicepod pod) {
    RuntimeOptions options;
    options.database.threads = 2;
    options.environment = {{"SECRET", "fake/secret+key"}, {"KEY", "AKIDFAKE"}};
    options.serving = true;
    options.clock = clock_;
    options.random_seed = 7;
    runtime_ = Runtime::Create(std::move(pod), options).value();
    runtime_->Load();
  }

  // "added: users; removed: orders; 1 unchanged", or "error: ...".
  std::string Reload(spicepod::Spicepod pod) {
    auto change = runtime_->Reload(std::move(pod));
    if (!change) return "error: " + change.error().message;
    keys_for_restart_ = change->keys_for_restart;
    return DescribePodChange(*change);
  }

  // The state of a dataset, with its error; "none" when there is no such.
  std::string State(const std::string& name) const {
    for (const auto& status : runtime_->Datasets()) {
      if (status.name != name) continue;
      return std::string(DatasetStateName(status.state)) +
             (status.error ? ": " + status.error->message : "");
    }
    return "none";
  }
  bool Becomes(const std::string& name, const std::string& state) {
    return Eventually([&] { return State(name).starts_with(state); });
  }
  std::string CountOf(const std::string& table) { return Query("SELECT count(*) FROM " + table); }

  std::vector<std::string> keys_for_restart_;
};

constexpr char kAccelerated[] = "    acceleration: {enabled: true, refresh_check_interval: 60s}\n";

TEST_F(ReloadTest, TheSameSpicepodChangesNothing) {
  const auto datasets = Dataset("users", "users", kAccelerated) + Dataset("orders", "orders");
  const std::string view = "  - name: v\n    sql: SELECT max(id) AS m FROM users\n";
  StartWith(Pod(datasets, view));
  const auto requests = fake_->Requests().size();
  const auto version = runtime_->DataVersion();
  const auto next_refresh = runtime_->Datasets()[0].next_refresh;
  EXPECT_TRUE(next_refresh.has_value());
  clock_->Advance(std::chrono::seconds(10));
  EXPECT_EQ(Reload(Pod(datasets, view, "description: other\n# A comment.\n")),
            "nothing has changed");
  EXPECT_EQ(fake_->Requests().size(), requests);
  // So answers that are kept are still good.
  EXPECT_EQ(runtime_->DataVersion(), version);
  EXPECT_EQ(runtime_->Datasets()[0].next_refresh, next_refresh);
  EXPECT_TRUE(runtime_->Ready());
  EXPECT_EQ(runtime_->pod()->description, "other");
  EXPECT_EQ(Query("SELECT m FROM v"), "2 ");
}

TEST_F(ReloadTest, DatasetsComeAndGo) {
  StartWith(Pod(Dataset("users", "users", kAccelerated)));
  const auto version = runtime_->DataVersion();
  EXPECT_EQ(
      Reload(Pod(Dataset("orders", "sales.orders") + Dataset("users", "users", kAccelerated))),
      "1 dataset added (sales.orders), 1 unchanged");
  EXPECT_GT(runtime_->DataVersion(), version);
  // It was ready before, and stays so while the new one loads.
  EXPECT_TRUE(runtime_->Ready());
  EXPECT_TRUE(Becomes("sales.orders", "Ready"));
  EXPECT_EQ(CountOf("sales.orders"), "5 ");
  EXPECT_EQ(runtime_->Datasets()[0].name, "sales.orders");
  EXPECT_THAT(runtime_->metrics().Text(), HasSubstr("dataset_load_state{dataset=\"users\"} 1"));

  EXPECT_EQ(Reload(Pod(Dataset("orders", "sales.orders"))),
            "1 dataset removed (users), 1 unchanged");
  EXPECT_THAT(CountOf("users"), StartsWith("error: Table with name users does not exist"));
  EXPECT_EQ(State("users"), "none");
  EXPECT_EQ(runtime_->RefreshSchema("users").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(Eventually([&] {
    return runtime_->metrics().Text().find("dataset=\"users\"} 1") == std::string::npos;
  })) << runtime_->metrics().Text();
  EXPECT_TRUE(runtime_->Ready());
  // Its refreshes are over.
  const auto scans = Scans();
  clock_->Advance(std::chrono::seconds(300));
  EXPECT_EQ(CountOf("sales.orders"), "5 ");
  EXPECT_LE(Scans(), scans + 4);

  EXPECT_EQ(Reload(Pod("")), "1 dataset removed (sales.orders)");
  EXPECT_EQ(Reload(Pod(Dataset("users", "users"))), "1 dataset added (users)");
  EXPECT_TRUE(Becomes("users", "Ready"));
  EXPECT_EQ(CountOf("users"), "3 ");
}

TEST_F(ReloadTest, AQueryOverWhatIsRemovedEnds) {
  SetTable("large", 20'000);
  StartWith(Pod(Dataset("large", "large", "    acceleration: {enabled: true}\n")));
  auto session = runtime_->Connect();
  auto stream = session->Execute("SELECT id FROM large");
  ASSERT_TRUE(stream.has_value());
  auto chunk = (*stream)->Next();
  uint64_t rows = (*chunk)->size();
  EXPECT_EQ(Reload(Pod("")), "1 dataset removed (large)");
  EXPECT_THAT(CountOf("large"), StartsWith("error: Table with name large does not exist"));
  while (true) {
    chunk = (*stream)->Next();
    ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
    if (!*chunk) break;
    rows += (*chunk)->size();
  }
  EXPECT_EQ(rows, 20'000u);
}

TEST_F(ReloadTest, TheOldServesUntilTheNewIsReady) {
  StartWith(Pod(Dataset("users", "it", kAccelerated)));
  EXPECT_EQ(CountOf("it"), "3 ");
  // The new one cannot be loaded at first.
  EXPECT_EQ(Reload(Pod(Dataset("late", "it", kAccelerated))), "1 dataset changed (it)");
  EXPECT_TRUE(Becomes("it", "Ready: "));
  EXPECT_EQ(CountOf("it"), "3 ");
  EXPECT_TRUE(runtime_->Ready());
  SetTable("late", 5);
  EXPECT_TRUE(runtime_->RefreshSchema("it").has_value());
  EXPECT_EQ(CountOf("it"), "5 ");
  EXPECT_EQ(State("it"), "Ready");
}

TEST_F(ReloadTest, ACopyThatIsStillOfUseIsKept) {
  for (const char* place : {"", ", engine: duckdb, mode: file"}) {
    const auto dataset = [&](const std::string& acceleration) {
      return Dataset("users", "users",
                     fmt::format("    acceleration: {{enabled: true{}{}}}\n", place, acceleration));
    };
    StartWith(Pod(dataset("")));
    EXPECT_EQ(runtime_->Datasets()[0].next_refresh, std::nullopt);
    const auto requests = fake_->Requests().size();
    EXPECT_EQ(Reload(Pod(dataset(", refresh_check_interval: 60s"))), "1 dataset changed (users)");
    EXPECT_TRUE(Eventually([&] { return runtime_->Datasets()[0].next_refresh.has_value(); }));
    EXPECT_EQ(CountOf("users"), "3 ");
    EXPECT_EQ(fake_->Requests().size(), requests) << place;
    // It is refreshed at the new interval.
    SetTable("users", 4);
    clock_->Advance(std::chrono::seconds(61));
    EXPECT_TRUE(Eventually([&] { return CountOf("users") == "4 "; })) << place;
    // Another query makes another copy.
    EXPECT_EQ(Reload(Pod(dataset(", refresh_sql: SELECT * FROM users WHERE id > 1"))),
              "1 dataset changed (users)");
    EXPECT_TRUE(Eventually([&] { return CountOf("users") == "2 "; })) << place;
    SetTable("users", 3);
  }
}

TEST_F(ReloadTest, AFaultySpicepodLeavesAllAsItWas) {
  StartWith(Pod(Dataset("users", "users")));
  EXPECT_THAT(Reload(Pod(Dataset("orders", "orders"), "", "secrets: [{from: vault, name: v}]\n")),
              HasSubstr("'vault' is not built in"));
  EXPECT_EQ(CountOf("users"), "3 ");
  EXPECT_EQ(State("orders"), "none");
  EXPECT_THAT(runtime_->pod()->secrets, IsEmpty());
}

TEST_F(ReloadTest, OtherSecretsAreAChange) {
  const auto write = [&](const std::string& text) { std::ofstream(folder_ / ".env") << text; };
  const auto dataset = [&] {
    return Dataset("users", "users", "      scan_segments: ${secrets:SEGMENTS}\n") +
           Dataset("orders", "orders");
  };
  StartWith(Pod(dataset()));
  EXPECT_THAT(State("users"), HasSubstr("secret 'SEGMENTS' was not found"));
  EXPECT_FALSE(runtime_->Ready());
  write("SEGMENTS=2\n");
  EXPECT_EQ(Reload(Pod(dataset())), "1 dataset changed (users), 1 unchanged");
  // It was not ready without it before.
  EXPECT_TRUE(Eventually([&] { return runtime_->Ready(); }));
  EXPECT_EQ(CountOf("users"), "3 ");
  EXPECT_EQ(Reload(Pod(dataset())), "nothing has changed");
  write("SEGMENTS=3\n");
  EXPECT_EQ(Reload(Pod(dataset())), "1 dataset changed (users), 1 unchanged");
  write("");
  EXPECT_EQ(Reload(Pod(dataset())), "1 dataset changed (users), 1 unchanged");
  EXPECT_TRUE(Eventually([&] { return State("users").find("SEGMENTS") != std::string::npos; }));
  EXPECT_EQ(CountOf("users"), "3 ");
}

TEST_F(ReloadTest, ViewsComeGoAndFollow) {
  const std::string v = "  - name: v\n    sql: SELECT max(id) AS m FROM users\n";
  const std::string w = "  - name: w\n    sql: SELECT count(*) AS n FROM orders\n";
  StartWith(Pod(Dataset("users", "users"), v));
  EXPECT_EQ(Query("SELECT m FROM v"), "2 ");
  // A view over a dataset that comes with it.
  EXPECT_EQ(Reload(Pod(Dataset("users", "users") + Dataset("orders", "orders"), v + w)),
            "1 dataset added (orders), views changed, 1 unchanged");
  EXPECT_TRUE(runtime_->Ready());
  EXPECT_TRUE(Eventually([&] { return Query("SELECT n FROM w") == "5 "; }));
  EXPECT_EQ(Query("SELECT m FROM v"), "2 ");
  EXPECT_EQ(Reload(Pod(Dataset("users", "users") + Dataset("orders", "orders"),
                       "  - name: v\n    sql: SELECT min(id) AS m FROM users\n")),
            "views changed, 2 unchanged");
  EXPECT_EQ(Query("SELECT m FROM v"), "0 ");
  EXPECT_THAT(Query("SELECT n FROM w"), StartsWith("error: Table with name w does not exist"));
  // The name of a dataset becomes that of a view, and the other way round.
  EXPECT_EQ(Reload(Pod(Dataset("users", "v"), "  - name: users\n    sql: SELECT id FROM v\n")),
            "1 dataset added (v), 2 datasets removed (users, orders), views changed");
  EXPECT_TRUE(Eventually([&] { return CountOf("users") == "3 "; })) << CountOf("users");
  EXPECT_EQ(CountOf("v"), "3 ");
  // A view without its dataset fails, and a server that was ready stays so.
  EXPECT_EQ(Reload(Pod("", "  - name: users\n    sql: SELECT id FROM v\n")),
            "1 dataset removed (v)");
  EXPECT_THAT(CountOf("users"), HasSubstr("Table with name v does not exist"));
  EXPECT_TRUE(runtime_->Ready());
}

TEST_F(ReloadTest, NamesWhatNeedsARestart) {
  StartWith(Pod(Dataset("users", "users")));
  EXPECT_EQ(Reload(Pod(Dataset("users", "users"), "",
                       "runtime: {query: {memory_limit: 1GB}, params: {query_budget_rcu: 7}}\n")),
            "1 dataset changed (users)");
  EXPECT_THAT(keys_for_restart_, ElementsAre("runtime.query.memory_limit"));
}

// A load that is not wanted any more is not waited for.
TEST_F(ReloadTest, ALoadUnderWayIsCancelled) {
  StartWith(Pod(Dataset("users", "users")));
  SetTable("large", 1'000);
  fake_->faults().Next("Scan", fake_dynamodb::Fault::NeverAnswer(), 100);
  const auto scans = Scans();
  EXPECT_EQ(Reload(Pod(Dataset("users", "users") +
                       Dataset("large", "large", "    acceleration: {enabled: true}\n"))),
            "1 dataset added (large), 1 unchanged");
  EXPECT_TRUE(Eventually([&] { return Scans() > scans; }));
  EXPECT_THAT(CountOf("large"), HasSubstr("still loading"));
  EXPECT_EQ(Reload(Pod(Dataset("users", "users"))), "1 dataset removed (large), 1 unchanged");
  clock_->Advance(std::chrono::seconds(1));
  EXPECT_THAT(CountOf("large"), HasSubstr("does not exist"));
  fake_->faults().Clear();
  fake_->faults().Release();
  // The thread is free for others.
  EXPECT_EQ(Reload(Pod(Dataset("orders", "orders"))),
            "1 dataset added (orders), 1 dataset removed (users)");
  EXPECT_TRUE(Becomes("orders", "Ready"));
}

// Under AddressSanitizer: queries, refreshes and other Spicepods at the same time.
TEST_F(ReloadTest, WhileOthersQueryAndRefresh) {
  const auto both = [&](const char* interval) {
    return Pod(Dataset("users", "users",
                       fmt::format("    acceleration: {{enabled: true, refresh_check_interval: "
                                   "{}}}\n",
                                   interval)) +
               Dataset("orders", "orders"));
  };
  StartWith(both("60s"));
  std::atomic<bool> done = false;
  std::atomic<int> answers = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        EXPECT_EQ(CountOf("users"), "3 ");
        ++answers;
        static_cast<void>(runtime_->RefreshSchema("orders"));
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(Reload(both(round % 2 == 0 ? "50s" : "60s")),
              "1 dataset changed (users), 1 unchanged");
    clock_->Advance(std::chrono::seconds(70));
    const int before = answers;
    EXPECT_TRUE(Eventually([&] { return answers > before; }));
  }
  done = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(CountOf("orders"), "5 ");
}

}  // namespace
}  // namespace sumac::datasets
