#include "datasets/acceleration_plan.h"

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

using std::chrono::seconds;

Result<AccelerationPlan> Plan(const std::string& acceleration, const std::string& keys = "") {
  const auto loaded = spicepod::ParseSpicepod(
      "version: v1\nkind: Spicepod\nname: p\ndatasets:\n- from: dynamodb:t\n  name: t\n" + keys +
          "  acceleration: " + acceleration + "\n",
      "spicepod.yaml");
  if (!loaded) return Fail(loaded.error());
  return PlanAcceleration(loaded->pod.datasets.front(), "/pod");
}

TEST(AccelerationPlan, RefusesWithOneLineThatSaysWhatWorks) {
  struct Case {
    const char* acceleration;
    const char* message;
  };
  const Case cases[] = {
      {"{engine: sqlite}",
       "acceleration engine 'sqlite' is not built in; the engines that work are: arrow, duckdb"},
      {"{engine: duckdb, mode: file_update}",
       "acceleration mode 'file_update' is not built in; the modes that work are: memory, file, "
       "file_create"},
      {"{mode: file}",
       "acceleration engine 'arrow' keeps copies in memory only; for mode: file take engine: "
       "duckdb"},
      {"{engine: duckdb, params: {duckdb_file: a.db}}",
       "acceleration has a duckdb_file, but its mode is memory; add mode: file"},
      {"{refresh_mode: changes}",
       "refresh_mode 'changes' is not built in; the modes that work are: full, append"},
      {"{refresh_mode: append}",
       "refresh_mode: append needs a time_column, which tells when a row is from"},
      {"{refresh_data_window: 1h}",
       "refresh_data_window needs a time_column, which tells when a row is from"},
      {"{refresh_sql: SELECT * FROM u}", "refresh_sql: it may read 't' only, not 'u'"},
      {"{retention_check_enabled: true}",
       "retention_check_enabled needs retention_period or retention_sql, which say what is to go"},
      {"{refresh_cron: '* * *'}", nullptr},
      {"{on_conflict: {a: upsert}}",
       "on_conflict 'a' is neither the primary_key nor a unique index"},
      {"{primary_key: a, indexes: {b: unique}, on_conflict: {a: upsert, b: drop}}",
       "on_conflict takes one key only, unless all of them say drop"},
      {"{primary_key: '(a,)'}", "primary_key '(a,)' must be a column or (column, column)"},
  };
  for (const auto& [acceleration, message] : cases) {
    const auto plan = Plan(acceleration);
    ASSERT_FALSE(plan.has_value()) << acceleration;
    if (message != nullptr) {
      EXPECT_EQ(plan.error().message, message);
    }
    EXPECT_EQ(plan.error().message.find('\n'), std::string::npos);
  }
}

TEST(AccelerationPlan, KeysIndexesAndPlaces) {
  const auto plan = Plan(
      "{engine: duckdb, mode: file, primary_key: '(a, b)', indexes: {c: enabled, '(d, e)': unique},"
      " on_conflict: {'(a, b)': upsert}}");
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_EQ(plan->file_path, "/pod/.sumac/data/accelerated_duckdb.db");
  EXPECT_EQ(plan->engine_name, "duckdb:file");
  ASSERT_EQ(plan->keys.size(), 2u);
  EXPECT_EQ(plan->keys[0].columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(plan->keys[0].on_conflict, engine::KeyConflict::kUpsert);
  EXPECT_EQ(plan->keys[1].on_conflict, engine::KeyConflict::kFail);
  EXPECT_EQ(plan->indexes.size(), 2u);
}

TEST(AccelerationPlan, TheIdentityIsOfWhatTheCopyHas) {
  const auto identity = [](const std::string& acceleration, const std::string& keys = "") {
    return Plan(acceleration, keys).value().identity;
  };
  const auto plain = identity("{enabled: true}");
  EXPECT_EQ(plain, identity("{refresh_check_interval: 5s, refresh_jitter_enabled: true}"));
  EXPECT_NE(plain, identity("{refresh_sql: SELECT a FROM t}"));
  EXPECT_NE(plain, identity("{params: {keep_item: true}}"));
  EXPECT_NE(plain, identity("{enabled: true}", "  params: {endpoint_url: http://x}\n"));
}

TEST(AccelerationPlan, WhenItIsDue) {
  std::mt19937_64 random(3);
  const WallTime begun(seconds(1'768'003'205));
  EXPECT_EQ(NextRefresh(Plan("{enabled: true}").value(), begun, random), std::nullopt);
  EXPECT_EQ(NextRefresh(Plan("{refresh_check_interval: 90s}").value(), begun, random),
            begun + seconds(90));
  const auto jittered =
      Plan("{refresh_check_interval: 100s, refresh_jitter_enabled: true}").value();
  bool varies = false;
  for (int i = 0; i < 100; ++i) {
    const auto next = NextRefresh(jittered, begun, random);
    EXPECT_GE(*next, begun + seconds(100));
    EXPECT_LE(*next, begun + seconds(110));
    varies |= *next != begun + seconds(100);
  }
  EXPECT_TRUE(varies);
}

}  // namespace
}  // namespace sumac::datasets
