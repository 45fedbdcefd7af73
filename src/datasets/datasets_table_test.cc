#include "datasets/datasets_table.h"

#include <gtest/gtest.h>

#include "engine/session.h"

namespace sumac::datasets {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// 2026-11-24 18:49:44 UTC.
constexpr WallTime kStart{seconds(1'795'546'184)};

DatasetStatus Accelerated() {
  DatasetStatus users;
  users.name = "users";
  users.from = "dynamodb:Users";
  users.description = "who they are";
  users.acceleration_enabled = true;
  users.state = DatasetState::kReady;
  users.copy = CopyStatus{12'480, 1'258'291, kStart};
  users.attempted_at = kStart + seconds(1);
  users.next_refresh = kStart + seconds(240);
  return users;
}

std::string Text(const engine::TableRow& row) {
  std::string text;
  for (const auto& value : row) text += (text.empty() ? "" : " | ") + value.ToString();
  return text;
}

TEST(DatasetsTable, HasWhatACopyHas) {
  const auto rows = DatasetsTableRows({Accelerated()}, kStart + milliseconds(192'345));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(Text(rows[0]),
            "users | dynamodb:Users | who they are | true | Ready | 12480 | 1258291 | "
            "2026-11-24 18:49:44+00 | 192.345 | 2026-11-24 18:49:45+00 | "
            "2026-11-24 18:53:44+00 | NULL");
}

TEST(DatasetsTable, HasNullForWhatIsNot) {
  DatasetStatus orders;
  orders.name = "orders";
  orders.from = "dynamodb:orders";
  orders.state = DatasetState::kError;
  orders.error = UserError(ErrorCode::kNotFound, "no table");
  EXPECT_EQ(Text(DatasetsTableRows({orders}, kStart)[0]),
            "orders | dynamodb:orders | NULL | false | Error | NULL | NULL | NULL | NULL | NULL | "
            "NULL | no table");
}

TEST(DatasetsTable, HasNoAgeFromTheFuture) {
  const auto rows = DatasetsTableRows({Accelerated()}, kStart - seconds(5));
  EXPECT_EQ(rows[0][8].GetValue<double>(), 0.0);
}

TEST(DatasetsTable, IsReadAsItIsThen) {
  auto database = engine::Database::Open({.threads = 1, .shut_in = true});
  ASSERT_TRUE(database.has_value());
  auto clock = std::make_shared<ManualClock>(kStart + seconds(10));
  std::vector<DatasetStatus> statuses = {Accelerated()};
  RegisterDatasetsTable(
      **database, [&statuses] { return statuses; }, clock);
  auto session = (*database)->Connect();
  const auto ask = [&session](const std::string& sql) -> std::string {
    auto stream = session->Execute(sql, {});
    if (!stream) return stream.error().message;
    EXPECT_FALSE((*stream)->Repeatable());
    auto chunk = (*stream)->Next();
    if (!chunk || !*chunk) return "nothing";
    std::string text;
    for (duckdb::idx_t i = 0; i < (*chunk)->ColumnCount(); ++i) {
      text += (i > 0 ? " | " : "") + (*chunk)->GetValue(i, 0).ToString();
    }
    return text;
  };
  const std::string sql =
      "SELECT name, \"from\", rows, age_seconds, status, last_refresh::TIMESTAMPTZ = "
      "TIMESTAMPTZ '2026-11-24 18:49:44Z' AS same FROM runtime.datasets WHERE acceleration_enabled";
  EXPECT_EQ(ask(sql), "users | dynamodb:Users | 12480 | 10.0 | Ready | true");
  clock->Advance(milliseconds(1'500));
  statuses[0].state = DatasetState::kRefreshing;
  EXPECT_EQ(ask(sql), "users | dynamodb:Users | 12480 | 11.5 | Refreshing | true");
  statuses.clear();
  EXPECT_EQ(ask(sql), "nothing");
}

}  // namespace
}  // namespace sumac::datasets
