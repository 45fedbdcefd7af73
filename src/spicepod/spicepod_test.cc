#include "spicepod/spicepod.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::spicepod {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

constexpr char kHead[] = "version: v1\nkind: Spicepod\nname: p\n";
// The dataset's keys begin in line 5.
constexpr char kDataset[] =
    "version: v1\nkind: Spicepod\nname: p\ndatasets:\n- from: dynamodb:t\n  name: t\n";

struct Bad {
  std::string text;
  std::string message;  // the whole of it, or its start when it ends in "..."
};

// One table of everything that can be wrong, with the one line that says so.
TEST(SpicepodTest, EveryMistakeHasItsLine) {
  const std::string head = kHead;
  const std::string dataset = kDataset;
  const Bad cases[] = {
      {"", "p.yaml:1:1: the file is empty"},
      {"# only a comment\n", "p.yaml:1:1: the file is empty"},
      {"~", "p.yaml:1:1: the file is empty"},
      {",", "p.yaml:1:1: ..."},
      {"just text", "p.yaml:1:1: the Spicepod must be a map of keys, not a value"},
      {"- a", "p.yaml:1:1: the Spicepod must be a map of keys, not a list"},
      {"version: v1\n", "p.yaml:1:1: the Spicepod needs 'kind'"},
      {"kind: Spicepod\nname: p\n", "p.yaml:1:1: the Spicepod needs 'version'"},
      {"version: v1\nkind: Spicepod\n", "p.yaml:1:1: the Spicepod needs 'name'"},
      {"version: v3\nkind: Spicepod\nname: p\n",
       "p.yaml:1:10: 'version' takes v1beta1, v1 or v2, not 'v3'"},
      {"version: v1\nkind: Pod\nname: p\n", "p.yaml:2:7: 'kind' must be Spicepod, not 'Pod'"},
      {head + "dataset: []\n",
       "p.yaml:4:1: unknown key 'dataset' in the Spicepod; did you mean 'datasets'?"},
      {head + "datasets: {}\n",
       "p.yaml:4:11: 'datasets' of the Spicepod must be a list, not a map"},
      {head + "datasets: [x]\n", "p.yaml:4:12: a dataset must be a map of keys, not a value"},
      {head + "datasets: [{name: t}]\n", "p.yaml:4:12: dataset 't' needs 'from'"},
      {head + "datasets: [{from: dynamodb:t}]\n", "p.yaml:4:12: a dataset needs 'name'"},
      {dataset + "  parms: {}\n",
       "p.yaml:7:3: unknown key 'parms' in dataset 't'; did you mean 'params'?"},
      {dataset + "  params: [a]\n",
       "p.yaml:7:11: 'params' of dataset 't' must be a map, not a list"},
      {dataset + "  params: {a: [b]}\n",
       "p.yaml:7:15: 'params.a' of dataset 't' must be a value, not a list"},
      {dataset + "  description: {a: b}\n",
       "p.yaml:7:16: 'description' of dataset 't' must be a string, not a map"},
      {dataset + "  access: readwrite\n",
       "p.yaml:7:11: 'access' of dataset 't' takes one of read, read_write, not 'readwrite'; did "
       "you mean 'read_write'?"},
      {dataset + "  has_metadata_table: 1\n",
       "p.yaml:7:23: 'has_metadata_table' of dataset 't' takes true or false, not '1'"},
      {dataset + "  columns: [{nam: a}]\n", "p.yaml:7:13: a column of dataset 't' needs 'name'"},
      {dataset + "  columns: [{name: a, nullable: true}]\n",
       "p.yaml:7:23: unknown key 'nullable' in a column of dataset 't'..."},
      {dataset + "  acceleration: true\n",
       "p.yaml:7:17: 'acceleration' of dataset 't' must be a map, not a value"},
      {dataset + "  acceleration: {enabled: 'yes'}\n",
       "p.yaml:7:27: 'enabled' of acceleration of dataset 't' takes true or false, not 'yes'"},
      {dataset + "  acceleration: {params: {keep_item: maybe}}\n",
       "p.yaml:7:38: 'keep_item' of acceleration of dataset 't' takes true or false, not 'maybe'"},
      {dataset + "  acceleration: {engine: duckbd}\n",
       "p.yaml:7:26: 'engine' of acceleration of dataset 't' takes one of arrow, duckdb, sqlite, "
       "postgres, cayenne, turso, not 'duckbd'; did you mean 'duckdb'?"},
      {dataset + "  acceleration: {refresh_check_interval: soon}\n",
       "p.yaml:7:42: 'refresh_check_interval' of acceleration of dataset 't' takes a duration like "
       "10s or 1h30m, not 'soon'"},
      {dataset + "  acceleration: {refresh_check_interval: 1h, refresh_cron: '* * * * *'}\n",
       "p.yaml:7:60: 'refresh_cron' and 'refresh_check_interval' of acceleration of dataset 't' "
       "exclude each other"},
      {dataset + "  acceleration: {indexes: {id: uniq}}\n",
       "p.yaml:7:32: index 'id' of acceleration of dataset 't' takes enabled or unique, not "
       "'uniq'"},
      {dataset + "  name: u\n", "p.yaml:7:3: key 'name' is given twice"},
      {dataset + "- from: dynamodb:u\n  name: T\n",
       "p.yaml:7:3: dataset 'T' has the name of dataset 't'"},
      {dataset + "- from: dynamodb:u\n  name: public.t\n",
       "p.yaml:7:3: dataset 'public.t' has the name of dataset 't'"},
      {dataset + "- from: dynamodb:u\n  name: t\n",
       "p.yaml:7:3: dataset 't' has the name of another"},
      {dataset + "views: [{name: T, sql: SELECT 1}]\n",
       "p.yaml:7:9: view 'T' has the name of dataset 't'"},
      {head + "views: [{name: a, sql: SELECT 1}, {name: public.A, sql: SELECT 1}]\n",
       "p.yaml:4:35: view 'public.A' has the name of view 'a'"},
      {head + "datasets: [{from: dynamodb:t, name: Table}]\n",
       "p.yaml:4:37: 'Table' is a reserved word of SQL and cannot be a name"},
      {head + "datasets: [{from: dynamodb:t, name: a.b.c}]\n",
       "p.yaml:4:37: name 'a.b.c' must be 'table' or 'schema.table'"},
      {head + "datasets: [{from: dynamodb:t, name: Runtime.datasets}]\n",
       "p.yaml:4:37: name 'Runtime.datasets' is in a schema that is kept for Sumac"},
      {head + "views: [{name: runtime.v, sql: SELECT 1}]\n",
       "p.yaml:4:16: name 'runtime.v' is in a schema that is kept for Sumac"},
      {head + "secrets: [{from: env}]\n", "p.yaml:4:11: a secret store needs 'name'"},
      {head + "views: [{name: v}]\n", "p.yaml:4:9: view 'v' needs either 'sql' or 'sql_ref'"},
      {head + "views: [{name: v, sql: SELECT 1, sql_ref: v.sql}]\n",
       "p.yaml:4:9: view 'v' needs either 'sql' or 'sql_ref'"},
      {head + "views: [{name: v, sql_ref: no/such.sql}]\n",
       "p.yaml:4:28: 'sql_ref' of view 'v': the file ./no/such.sql cannot be read"},
      {head + "runtime: {dataset_load_parallelism: 0}\n",
       "p.yaml:4:37: 'dataset_load_parallelism' of 'runtime' takes an integer from 1, not '0'"},
      {head + "runtime: {caching: {sql_results: {max_size: big}}}\n",
       "p.yaml:4:45: 'max_size' of the results cache takes a size like 128MiB, not 'big'"},
      {head + "runtime: {caching: {sql_results: {caching_policy: fifo}}}\n", "p.yaml:4:51: ..."},
      {head + "runtime: {tsl: {}}\n",
       "p.yaml:4:11: unknown key 'tsl' in 'runtime'; did you mean 'tls'?"},
      {head + "datasets: [{ref: no/such/folder}]\n",
       "p.yaml:4:18: the file ./no/such/folder/dataset.yaml cannot be read"},
      {"version: v1\n---\nkind: Spicepod\n", "p.yaml:2:1: the file has more than one document"},
      {"version: [v1\n", "p.yaml:2:1: this is no YAML: ..."},
      {"a: b\n \tversion: v1\n", "p.yaml:2:1: a line begins with a tab; YAML wants blanks"},
      {"a: *nowhere\n", "p.yaml:1:4: this is no YAML: ..."},
      {"a: &a [*a]\n", "p.yaml:1:8: an alias cannot stand in itself"},
      {"? [a]\n: b\n", "p.yaml:1:3: a key must be a name"},
      {"<<: {version: v1}\nkind: Spicepod\nname: p\n", "p.yaml:1:1: ..."},
      {std::string("version: v1\0", 12), "p.yaml:1:1: the file is no text"},
      {"version: |\n  v9\nkind: Spicepod\nname: p\n",
       "p.yaml:1:10: 'version' takes v1beta1, v1 or v2, not 'v9\\n'"},
  };
  for (const auto& [text, message] : cases) {
    const auto pod = ParseSpicepod(text, "p.yaml");
    ASSERT_FALSE(pod) << text;
    EXPECT_EQ(pod.error().code, ErrorCode::kInvalidArgument) << text;
    if (message.ends_with("...")) {
      EXPECT_THAT(pod.error().message, StartsWith(message.substr(0, message.size() - 3)));
    } else {
      EXPECT_EQ(pod.error().message, message) << text;
    }
  }
}

TEST(SpicepodTest, WhatCouldExplodeIsBounded) {
  std::string aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    aliases += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int j = 0; j < 9; ++j) aliases += ", " + last;
    aliases += "]\n";
  }
  std::string many = "a: [";
  for (int i = 0; i < 200'000; ++i) many += "x,";
  const std::pair<std::string, const char*> cases[] = {
      {aliases, "more than 100000 values"},
      {many, "more than 100000 values"},
      {std::string(100'000, '['), "deeper than 64 levels"},
      {std::string(5 << 20, ' '), "larger than 4 MiB"},
  };
  for (const auto& [text, message] : cases) {
    const auto pod = ParseSpicepod(text, "p.yaml");
    ASSERT_FALSE(pod);
    EXPECT_THAT(pod.error().message, HasSubstr(message));
    EXPECT_LT(pod.error().message.size(), 500u);
  }
}

TEST(SpicepodTest, ReadsTheSeedsExample) {
  const auto loaded = ParseSpicepod(R"pod(version: v1
kind: Spicepod
name: dynamodb

datasets:
  - from: dynamodb:users
    name: my_users
    description: "Who: everyone"
    params:
      dynamodb_aws_region: us-west-2
      dynamodb_aws_access_key_id: ${secrets:aws_access_key_id} # Optional
    acceleration:
      enabled: true
)pod",
                                    "p.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_THAT(loaded->diagnostics, IsEmpty());
  const auto& pod = loaded->pod;
  EXPECT_EQ(pod.name, "dynamodb");
  ASSERT_EQ(pod.datasets.size(), 1u);
  const auto& dataset = pod.datasets[0];
  EXPECT_EQ(dataset.from, "dynamodb:users");
  EXPECT_EQ(dataset.name, "my_users");
  EXPECT_EQ(dataset.description, "Who: everyone");
  EXPECT_EQ(dataset.location.line, 6);
  ASSERT_EQ(dataset.params.size(), 2u);
  EXPECT_EQ(dataset.params[1].first, "dynamodb_aws_access_key_id");
  EXPECT_EQ(dataset.params[1].second.text, "${secrets:aws_access_key_id}");
  EXPECT_EQ(dataset.params[1].second.location.ToString(), "p.yaml:11:35");
  ASSERT_TRUE(dataset.acceleration);
  EXPECT_TRUE(dataset.acceleration->enabled);
}

TEST(SpicepodTest, ReadsEveryDatasetKey) {
  const auto loaded = ParseSpicepod(std::string(kHead) + R"pod(datasets:
  - from: dynamodb:t
    name: s.t
    metadata: {owner: me}
    columns:
      - {name: id, description: key, type: bigint, metadata: {json_object: "*"}, embeddings: []}
    access: read_write
    time_column: at
    time_format: unix_millis
    time_partition_column: day
    time_partition_format: date
    has_metadata_table: true
    replication: {enabled: true}
    unsupported_type_action: string
    ready_state: on_registration
    check_availability: disabled
    metrics: [{name: a, enabled: false}]
    dependsOn: [x, y]
    acceleration:
      engine: duckdb
      mode: file
      storage_profile: ebs
      refresh_mode: append
      refresh_check_interval: 1h30m
      refresh_sql: SELECT * FROM s.t WHERE id > 1
      refresh_data_window: 30 days
      refresh_append_overlap: 500ms
      refresh_on_startup: always
      refresh_retry_enabled: false
      refresh_retry_max_attempts: 3
      refresh_jitter_enabled: true
      refresh_jitter_max: 10s
      retention_check_enabled: true
      retention_period: 2w
      retention_sql: DELETE FROM s.t
      retention_check_interval: 60
      on_zero_results: use_source
      primary_key: (a, b)
      indexes: {a: enabled, "(b, c)": unique}
      on_conflict: {a: upsert_dedup_by_row_id}
      partition_by: [a, "bucket(10, b)"]
      params: {duckdb_file: x.db}
      snapshots: bootstrap_only
      snapshots_trigger: time_interval
      snapshots_trigger_threshold: 5
      metrics: [{name: m}]
)pod",
                                    "p.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto& dataset = loaded->pod.datasets.at(0);
  EXPECT_THAT(dataset.metadata, ElementsAre(Pair("owner", "me")));
  EXPECT_EQ(dataset.columns,
            (std::vector<Column>{{"id", "key", "bigint", {{"json_object", "*"}}}}));
  EXPECT_EQ(dataset.access, Access::kReadWrite);
  EXPECT_EQ(dataset.time_column, "at");
  EXPECT_EQ(dataset.time_format, TimeFormat::kUnixMillis);
  EXPECT_EQ(dataset.time_partition_column, "day");
  EXPECT_EQ(dataset.time_partition_format, TimeFormat::kDate);
  EXPECT_TRUE(dataset.has_metadata_table);
  EXPECT_TRUE(dataset.replication_enabled);
  EXPECT_EQ(dataset.unsupported_type_action, UnsupportedTypeAction::kString);
  EXPECT_EQ(dataset.ready_state, ReadyState::kOnRegistration);
  EXPECT_EQ(dataset.check_availability, CheckAvailability::kDisabled);
  EXPECT_EQ(dataset.metrics, (std::vector<Metric>{{"a", false}}));
  EXPECT_THAT(dataset.depends_on, ElementsAre("x", "y"));
  const auto& acceleration = dataset.acceleration.value();
  EXPECT_TRUE(acceleration.enabled);
  EXPECT_EQ(acceleration.engine, "duckdb");
  EXPECT_EQ(acceleration.mode, AccelerationMode::kFile);
  EXPECT_EQ(acceleration.refresh_mode, RefreshMode::kAppend);
  EXPECT_EQ(acceleration.refresh_check_interval, 90min);
  EXPECT_EQ(acceleration.refresh_data_window, 30 * 24h);
  EXPECT_EQ(acceleration.refresh_append_overlap, std::chrono::milliseconds(500));
  EXPECT_TRUE(acceleration.refresh_on_startup_always);
  EXPECT_FALSE(acceleration.refresh_retry_enabled);
  EXPECT_EQ(acceleration.refresh_retry_max_attempts, 3);
  EXPECT_EQ(acceleration.refresh_jitter_max, 10s);
  EXPECT_EQ(acceleration.retention_period, 14 * 24h);
  EXPECT_EQ(acceleration.retention_check_interval, 60s);
  EXPECT_EQ(acceleration.on_zero_results, OnZeroResults::kUseSource);
  EXPECT_EQ(acceleration.primary_key, "(a, b)");
  EXPECT_THAT(acceleration.indexes,
              ElementsAre(Pair("(b, c)", IndexKind::kUnique), Pair("a", IndexKind::kEnabled)));
  EXPECT_THAT(acceleration.on_conflict, ElementsAre(Pair("a", OnConflict::kUpsertDedupByRowId)));
  EXPECT_THAT(acceleration.partition_by, ElementsAre("a", "bucket(10, b)"));
  EXPECT_EQ(acceleration.params.at(0).second.text, "x.db");
  EXPECT_EQ(acceleration.snapshots, Snapshots::kBootstrapOnly);
  EXPECT_EQ(acceleration.snapshots_trigger_threshold, "5");
}

TEST(SpicepodTest, ReadsViewsSecretsAndRuntime) {
  const auto loaded = ParseSpicepod(std::string(kHead) + R"pod(secrets:
  - {from: env, name: e, params: {file_path: .env.test}}
views:
  - {name: v, sql: SELECT 1, dependsOn: [t]}
runtime:
  caching: {sql_results: {enabled: false, max_size: 1GiB, item_ttl: 5s, eviction_policy: tiny_lfu}}
  dataset_load_parallelism: 3
  tls: {enabled: true, certificate_file: c.pem, key_file: k.pem}
  auth: {api-key: {keys: ["a", "b:rw"]}}
  cors: {enabled: true, allowed_origins: ["https://a.example"]}
  task_history: {enabled: false, retention_period: 1h, min_sql_duration: 5ms}
  query: {memory_limit: 4GiB, temp_directory: /tmp/x}
  flight: {max_message_size: 16MB}
  shutdown_timeout: 1m
  output_level: verbose
  params: {a: b}
)pod",
                                    "p.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto& pod = loaded->pod;
  EXPECT_EQ(pod.secrets.at(0).params.at(0).second.text, ".env.test");
  EXPECT_EQ(pod.views.at(0).sql, "SELECT 1");
  const auto& runtime = pod.runtime;
  ASSERT_TRUE(runtime.sql_results_cache);
  EXPECT_FALSE(runtime.sql_results_cache->enabled);
  EXPECT_EQ(runtime.sql_results_cache->max_size_bytes, uint64_t{1} << 30);
  EXPECT_EQ(runtime.sql_results_cache->item_ttl, 5s);
  EXPECT_EQ(runtime.sql_results_cache->caching_policy, CachingPolicy::kTinyLfu);
  EXPECT_EQ(runtime.dataset_load_parallelism, 3);
  EXPECT_EQ(runtime.tls.value().certificate_file, "c.pem");
  EXPECT_THAT(runtime.api_key_auth.value().keys, ElementsAre("a", "b:rw"));
  EXPECT_THAT(runtime.cors.value().allowed_origins, ElementsAre("https://a.example"));
  EXPECT_FALSE(runtime.task_history.value().enabled);
  EXPECT_EQ(runtime.query.memory_limit, "4GiB");
  EXPECT_EQ(runtime.flight_max_message_size_bytes, 16'000'000u);
  EXPECT_EQ(runtime.shutdown_timeout, 60s);
  EXPECT_EQ(runtime.output_level, LogLevel::kDebug);
}

// Nothing is ignored silently, and nothing is said twice.
TEST(SpicepodTest, NotesWhatIsNotActedOn) {
  const auto loaded = ParseSpicepod(std::string(kHead) + R"pod(models: []
datasets:
  - from: dynamodb:a
    name: a
    access: read
    time_partition_column: at
    acceleration: {engine: arrow, refresh_mode: changes}
  - from: dynamodb:b
    name: b
    time_partition_column: at
    acceleration: {engine: sqlite, params: {keep_item: true, sqlite_file: f}}
)pod",
                                    "p.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  std::vector<std::string> notices;
  for (const auto& diagnostic : loaded->diagnostics) notices.push_back(diagnostic.ToString());
  EXPECT_THAT(
      notices,
      testing::UnorderedElementsAre(
          "p.yaml:4:1: 'models' is not acted on by this version of Sumac",
          "p.yaml:9:5: 'datasets.time_partition_column' is not acted on by this version of Sumac",
          "p.yaml:10:35: 'datasets.acceleration.refresh_mode: changes' is not acted on by this "
          "version of Sumac",
          "p.yaml:14:20: 'datasets.acceleration.engine: sqlite' is not acted on by this version of "
          "Sumac",
          "p.yaml:14:75: 'datasets.acceleration.params.sqlite_file' is not acted on by this "
          "version "
          "of Sumac"));
  EXPECT_FALSE(loaded->pod.datasets[0].acceleration->keep_item);
  EXPECT_TRUE(loaded->pod.datasets[1].acceleration->keep_item);
}

TEST(SpicepodTest, SomeRuntimeParametersAreOfDatasets) {
  const auto loaded = ParseSpicepod(std::string(kHead) + R"pod(runtime:
  params: {query_budget_rcu: 20, parquet_page_index: skip, allow_full_scan: false}
)pod",
                                    "p.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->diagnostics.size(), 1u);
  EXPECT_THAT(loaded->diagnostics[0].ToString(),
              testing::HasSubstr("'runtime.params.parquet_page_index' is not acted on"));
  const auto defaults = DatasetDefaults(loaded->pod.runtime);
  ASSERT_EQ(defaults.size(), 2u);
  EXPECT_EQ(defaults[0].first, "query_budget_rcu");
  EXPECT_EQ(defaults[0].second.text, "20");
  EXPECT_EQ(defaults[1].first, "allow_full_scan");
}

TEST(SpicepodTest, WarnsOnceOfAnAcceleratedView) {
  const auto loaded = ParseSpicepod(std::string(kHead) + R"pod(views:
  - name: fast
    sql: SELECT 1
    acceleration: {enabled: true, engine: duckdb, refresh_mode: append}
  - name: slow
    sql: SELECT 1
    acceleration: {enabled: false, engine: duckdb}
)pod",
                                    "p.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->diagnostics.size(), 1u);
  EXPECT_EQ(loaded->diagnostics[0].ToString(),
            "p.yaml:7:19: view 'fast' is served without acceleration, which this version of Sumac "
            "has not for views");
}

TEST(SpicepodTest, TakesWhatEditorsWrite) {
  for (const std::string& text :
       {std::string("\xef\xbb\xbfversion: v1\r\nkind: Spicepod\r\nname: p\r\n"),
        std::string("---\nversion: v1\nkind: Spicepod\nname: p\n...\n"),
        std::string("{version: v1, kind: Spicepod, name: p}"),
        std::string("version: v1\nkind: Spicepod\nname: p\ndatasets:\nruntime:\n")}) {
    const auto loaded = ParseSpicepod(text, "p.yaml");
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->pod.name, "p");
    EXPECT_THAT(loaded->pod.datasets, IsEmpty());
  }
}

class SpicepodFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("sumac_spicepod_test_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }

  std::filesystem::path folder_;
};

TEST_F(SpicepodFolderTest, FindsTheFile) {
  const auto missing = LoadSpicepod(folder_.string());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("there is no spicepod.yaml in"));
  EXPECT_EQ(LoadSpicepod((folder_ / "x.yaml").string()).error().code, ErrorCode::kNotFound);

  Write("spicepod.yml", kHead);
  const auto by_folder = LoadSpicepod(folder_.string());
  ASSERT_TRUE(by_folder);
  EXPECT_EQ(by_folder->pod.directory, folder_.string());
  EXPECT_TRUE(LoadSpicepod((folder_ / "spicepod.yml").string()));
}

TEST_F(SpicepodFolderTest, ReadsTheSqlOfViewsFromFiles) {
  Write("spicepod.yaml",
        std::string(kHead) + "views:\n- {name: v, sql_ref: sql/v.sql}\n- ref: views/w\n");
  Write("sql/v.sql", "\n  -- all\nSELECT *\nFROM t;\n\n");
  Write("views/w/view.yaml", "name: w\nsql_ref: sql/v.sql\n");
  const auto loaded = LoadSpicepod(folder_.string());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->pod.views.at(0).sql, "-- all\nSELECT *\nFROM t;");
  EXPECT_EQ(loaded->pod.views.at(1).sql, loaded->pod.views.at(0).sql);
  EXPECT_THAT(loaded->diagnostics, IsEmpty());

  const auto says = [&](const std::string& what) {
    const auto failed = LoadSpicepod(folder_.string());
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, (folder_ / "spicepod.yaml").string() +
                                          ":5:22: 'sql_ref' of view 'v': the file " +
                                          (folder_ / "sql/v.sql").string() + what);
  };
  Write("sql/v.sql", " \n\t ");
  says(" has no SQL");
  Write("sql/v.sql", std::string(kSqlFileBytesMax + 1, 'x'));
  says(" has more than 1048576 bytes");
  std::filesystem::remove(folder_ / "sql/v.sql");
  says(" cannot be read");
  std::filesystem::create_directory(folder_ / "sql/v.sql");
  says(" cannot be read");
}

TEST_F(SpicepodFolderTest, FollowsReferences) {
  Write("spicepod.yaml", std::string(kHead) + "datasets:\n- ref: datasets/users\n");
  Write("datasets/users/dataset.yaml", "from: dynamodb:users\nname: users\n");
  const auto loaded = LoadSpicepod(folder_.string());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->pod.datasets.at(0).from, "dynamodb:users");

  Write("datasets/users/dataset.yaml", "from: dynamodb:users\nnme: users\n");
  const auto broken = LoadSpicepod(folder_.string());
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, HasSubstr("dataset.yaml:"));
}

}  // namespace
}  // namespace sumac::spicepod
