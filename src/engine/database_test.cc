#include "engine/database.h"

#include <atomic>
#include <thread>

#include "engine/database_fixture.h"

namespace sumac::engine {
namespace {

using DatabaseTest = DatabaseFixture;

std::shared_ptr<TableSource> LocalSource(const std::string& table,
                                         std::vector<ResultColumn> columns, uint64_t rows) {
  return MakeLocalTableSource("memory", "main", std::make_shared<const std::string>(table),
                              std::move(columns), rows);
}

TEST_F(DatabaseTest, DatasetsAreTablesOfSpicePublic) {
  MakeUsers();
  for (const char* name : {"users", "public.users", "spice.public.users", "USERS"}) {
    EXPECT_EQ(Run(std::string("SELECT count(*) AS n FROM ") + name), "n\n3");
  }
  EXPECT_EQ(Run("SELECT home.city, sum(id) AS s FROM users GROUP BY 1 ORDER BY 1"),
            "city | s\nc0 | 2\nc1 | 1");
  EXPECT_EQ(Run("SELECT n FROM (SELECT unnest(numbers) AS n FROM users) WHERE n = 3"), "n\n3");
}

TEST_F(DatabaseTest, DescribesWithArrowTypeNames) {
  MakeUsers();
  EXPECT_EQ(Run("DESCRIBE users"),
            "column_name | data_type | is_nullable\n"
            "id | Int64 | YES\n"
            "name | Utf8 | YES\n"
            "home | Struct(\"city\": Utf8, \"zip\": Int64) | YES\n"
            "numbers | List(Int64) | YES");
  EXPECT_EQ(Run("describe users;"), Run("DESCRIBE spice.public.users"));
  EXPECT_EQ(Run("DESCRIBE SELECT 1 AS \"it's\""),
            "column_name | data_type | is_nullable\nit's | Int32 | YES");
}

TEST_F(DatabaseTest, ColumnsAreThoseOfTheDataset) {
  MakeUsers();
  EXPECT_EQ(Run("SELECT users.id FROM users WHERE users.name = 'u1'"), "id\n1");
  EXPECT_EQ(Run("SELECT public.users.id FROM users JOIN (SELECT 2 AS id) AS two USING (id)"),
            "id\n2");
  EXPECT_EQ(Run("WITH twice AS (SELECT users.* FROM users) "
                "SELECT count(*) AS n FROM (SELECT a.id FROM twice a, twice b LIMIT 4)"),
            "n\n4");
  EXPECT_EQ(Run("SELECT source_users.id FROM users").substr(0, 7), "error: ");
}

TEST_F(DatabaseTest, ShowsTables) {
  MakeUsers();
  ASSERT_TRUE(
      database_->RegisterTable("sales.Orders", MakeSource("o", "SELECT 1 AS a")).has_value());
  EXPECT_EQ(Run("SHOW TABLES"),
            "table_catalog | table_schema | table_name | table_type\n"
            "spice | public | users | BASE TABLE\n"
            "spice | sales | Orders | BASE TABLE");
}

TEST_F(DatabaseTest, NamesTheNearestTableAndColumn) {
  MakeUsers();
  EXPECT_EQ(Run("SELECT * FROM user"),
            "error: Table with name user does not exist! Did you mean \"users\"?");
  EXPECT_NE(Run("SELECT nam FROM users").find("name"), std::string::npos);
  EXPECT_EQ(Run("SELEC 1"), "error: syntax error at or near \"SELEC\"");
  EXPECT_EQ(Run(" ; "), "error: The statement is empty.");
}

TEST_F(DatabaseTest, ReplacedTablesServeTheQueriesThatBeganWithThem) {
  constexpr char kCopies[] =
      "SELECT count(*) AS n FROM duckdb_tables() WHERE schema_name = 'accelerated'";
  auto source = MakeSource("big", "SELECT i AS id FROM range(1000000) t(i)");
  const auto swap = [&] {
    auto copy = Copied(source);
    ASSERT_TRUE(copy.has_value()) << copy.error().message;
    ASSERT_TRUE(database_->RegisterTable("big", *std::move(copy)).has_value());
  };
  swap();
  auto other = database_->Connect();
  auto stream = other->Execute("SELECT id FROM big");
  ASSERT_TRUE(stream.has_value()) << stream.error().message;
  ASSERT_TRUE((*stream)->Next().has_value());
  // However often the table is replaced, what nobody reads is dropped.
  for (int i = 0; i < 5; ++i) swap();
  EXPECT_EQ(Run(kCopies), "n\n2");
  uint64_t rows = STANDARD_VECTOR_SIZE;
  while (true) {
    auto chunk = (*stream)->Next();
    ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
    if (*chunk == nullptr) break;
    rows += (*chunk)->size();
  }
  EXPECT_EQ(rows, 1'000'000);
  stream->reset();
  other.reset();
  database_->Connect();
  EXPECT_EQ(Run(kCopies), "n\n1");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM big"), "n\n1000000");
}

TEST_F(DatabaseTest, TablesCanBeReplacedWhileTheyAreQueried) {
  auto source = MakeSource("small", "SELECT i AS id FROM range(100) t(i)");
  ASSERT_TRUE(database_->RegisterTable("small", source).has_value());
  std::atomic<bool> done = false;
  std::atomic<int> queries = 0;
  std::vector<std::thread> threads;
  std::vector<std::string> failures(3);
  for (auto& failure : failures) {
    threads.emplace_back([&] {
      while (!done && failure.empty()) {
        auto session = database_->Connect();
        auto stream = session->Execute(
            "SELECT count(*) FROM small; SELECT count(*) FROM duckdb_columns(); FROM small");
        if (!stream) failure = stream.error().message;
        ++queries;
      }
    });
  }
  for (int i = 0; i < 100 || queries < 50; ++i) {
    auto copy = Copied(source);
    ASSERT_TRUE(copy.has_value()) << copy.error().message;
    ASSERT_TRUE(database_->RegisterTable("small", *std::move(copy)).has_value());
  }
  done = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, std::vector<std::string>(3));
}

TEST_F(DatabaseTest, FailedTablesSayWhy) {
  MakeUsers();
  Error reason = UserError(ErrorCode::kNotFound, "no table 'gone' in us-west-2");
  database_->RegisterFailedTable("gone", reason);
  const auto failed = session_->Execute("SELECT * FROM users, gone");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().message, reason.message);
  EXPECT_EQ(failed.error().code, ErrorCode::kNotFound);
  // The next query is not taken for the failed one.
  EXPECT_EQ(Run("SELECT * FROM nothing"),
            "error: Table with name nothing does not exist! Did you mean \"pg_settings\"?");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM users"), "n\n3");
}

TEST_F(DatabaseTest, RemovedTablesAreUnknownToNewQueriesOnly) {
  auto source = MakeSource("many", "SELECT i AS id FROM range(300000) t(i)");
  ASSERT_TRUE(database_->RegisterTable("sales.many", source).has_value());
  ASSERT_TRUE(database_->RegisterViews({{"v", "SELECT max(id) AS m FROM sales.many", ""}})[0]);
  auto other = database_->Connect();
  auto under_way = other->Execute("SELECT id FROM sales.many");
  ASSERT_TRUE(under_way.has_value());
  uint64_t rows = (*(*under_way)->Next())->size();
  database_->RemoveTable("SALES.Many");
  source.reset();
  EXPECT_EQ(Run("SELECT * FROM sales.many").substr(0, 42),
            "error: Table with name many does not exist");
  EXPECT_EQ(Run("SELECT * FROM v").substr(0, 52),
            "error: view 'v': Table with name many does not exist");
  while (auto chunk = *(*under_way)->Next()) rows += chunk->size();
  EXPECT_EQ(rows, 300000u);
  database_->RemoveTable("sales.many");
  database_->RemoveTable("never.there");
  EXPECT_TRUE(database_->RegisterViews({}).empty());
  database_->RemoveTable("v");
  EXPECT_EQ(Run("SELECT * FROM v").substr(0, 38), "error: Table with name v does not exis");
}

TEST_F(DatabaseTest, IsReadOnly) {
  MakeUsers();
  for (const char* sql :
       {"INSERT INTO users VALUES (1)", "DELETE FROM users", "UPDATE users SET id = 1",
        "DROP TABLE users", "CREATE TABLE t (a INT)", "CREATE TABLE t AS SELECT 1",
        "CREATE VIEW v AS SELECT 1", "ALTER TABLE users ADD COLUMN b INT", "CREATE SCHEMA s",
        "DROP SCHEMA public", "TRUNCATE users", "CREATE INDEX i ON users (id)"}) {
    EXPECT_EQ(Run(sql).substr(0, 6), "error:") << sql;
  }
  // What looks into tables of DuckDB's own finds none.
  for (const char* sql : {"ANALYZE users", "VACUUM ANALYZE users", "PRAGMA storage_info('users')",
                          "PRAGMA table_info('users')", "CHECKPOINT spice"}) {
    Run(sql);
  }
  EXPECT_EQ(Run("SELECT count(*) AS n FROM users"), "n\n3");
}

TEST_F(DatabaseTest, MaterializedCopiesAnswerTheSame) {
  MakeUsers();
  const std::string before = Run("SELECT * FROM users ORDER BY id");
  std::vector<std::string> warnings;
  auto copy =
      Copied(LocalSource("source_users", {{"id", duckdb::LogicalType::BIGINT}}, 3), &warnings);
  ASSERT_TRUE(copy.has_value()) << copy.error().message;
  EXPECT_EQ((*copy)->EstimatedRows(), 3u);
  EXPECT_TRUE(warnings.empty());
  ASSERT_TRUE(database_->RegisterTable("users", *copy).has_value());
  EXPECT_EQ(Run("SELECT count(*) AS n FROM users"), "n\n3");
  EXPECT_EQ(Run("SELECT id FROM users ORDER BY id DESC LIMIT 1"), "id\n2");
}

TEST_F(DatabaseTest, TakesParameters) {
  MakeUsers();
  QueryParameters positional;
  positional.positional = {duckdb::Value::BIGINT(1), duckdb::Value("u1")};
  EXPECT_EQ(Run("SELECT name FROM users WHERE id = $1 AND name = $2", positional), "name\nu1");
  QueryParameters named;
  named.named["wanted"] = duckdb::Value::BIGINT(2);
  EXPECT_EQ(Run("SELECT name FROM users WHERE id = $wanted", named), "name\nu2");
  EXPECT_EQ(Run("SELECT 1; SELECT $1", positional),
            "error: Parameters need a single statement; this text has 2.");
  EXPECT_EQ(Run("SELECT $1").substr(0, 6), "error:");
}

TEST_F(DatabaseTest, RunsSeveralStatementsAndReturnsTheLast) {
  EXPECT_EQ(Run("CREATE TABLE memory.main.t (a INT); INSERT INTO memory.main.t VALUES (7); "
                "SELECT a FROM memory.main.t"),
            "a\n7");
}

TEST_F(DatabaseTest, ShutInSessionsOnlyQuery) {
  Open(/*shut_in=*/true);
  for (const char* sql :
       {"COPY (SELECT 1) TO '/tmp/x'", "ATTACH '/tmp/x.db'", "INSTALL httpfs", "LOAD json",
        "SET threads = 1", "PRAGMA database_list", "CREATE TABLE memory.main.t (a INT)",
        "EXPORT DATABASE '/tmp/x'", "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd.csv'",
        "EXPLAIN COPY (SELECT 1) TO '/tmp/x'", "CALL pragma_version()", "USE memory",
        "SELECT 1; SET threads = 1", "DETACH spice", "RESET threads", "CHECKPOINT", "BEGIN"}) {
    EXPECT_EQ(Run(sql).substr(0, 6), "error:") << sql;
  }
  EXPECT_EQ(Run("SELECT 1 AS a"), "a\n1");
  EXPECT_EQ(Run("EXPLAIN SELECT 1").substr(0, 11), "explain_key");
}

// A SELECT must not change the server, read its files or log, or end it.
TEST_F(DatabaseTest, ShutInSessionsHaveNoUnsafeFunctions) {
  Open(/*shut_in=*/true);
  const std::string deep = "repeat('[', 300000) || repeat(']', 300000)";
  const std::string deep_object = "repeat('{\"a\":', 300000) || '1' || repeat('}', 300000)";
  for (const std::string& sql :
       {std::string("SELECT * FROM enable_logging('QueryLog')"),
        std::string("SELECT * FROM enable_logging(storage := 'file', storage_config := "
                    "{'path': '/tmp/x'})"),
        std::string("SELECT * FROM disable_logging()"),
        std::string("SELECT * FROM truncate_duckdb_logs()"),
        std::string("SELECT * FROM checkpoint()"), std::string("SELECT * FROM force_checkpoint()"),
        std::string("SELECT * FROM query('SELECT 1')"), std::string("SELECT write_log('x')"),
        std::string("SELECT current_setting('secret_directory')"),
        std::string("SELECT * FROM glob('/etc/*')"), "SELECT json_structure(" + deep + ")",
        "SELECT json_contains(" + deep + ", '1')",
        "SELECT json_merge_patch(" + deep_object + ", " + deep_object + ")",
        "SELECT from_json('1', " + deep + ")", "SELECT json_transform('1', " + deep_object + ")",
        "SELECT json_group_structure(x) FROM (SELECT " + deep + " AS x)",
        "SELECT variant_typeof((" + deep + ")::JSON::VARIANT)"}) {
    EXPECT_EQ(Run(sql).substr(0, 6), "error:") << sql.substr(0, 80);
  }
  // What only computes or describes stays.
  EXPECT_EQ(Run("SELECT count(*) > 0 AS n FROM duckdb_functions()"), "n\ntrue");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM range(3), generate_series(1, 2)"), "n\n6");
  EXPECT_EQ(Run("SELECT json_extract_string('{\"a\":[1]}', '$.a[0]') AS v"), "v\n1");
  EXPECT_EQ(Run("SELECT count(*) > 0 AS n FROM information_schema.columns").substr(0, 2), "n\n");
  for (const char* view : {"tables", "columns", "schemata", "table_constraints", "views"}) {
    EXPECT_NE(Run(std::string("SELECT * FROM information_schema.") + view).substr(0, 6), "error:")
        << view;
  }
}

// DuckDB's own views, which SHOW TABLES is made of, are found by their bare names.
TEST_F(DatabaseTest, NoDatasetHidesASystemView) {
  MakeUsers();
  const auto users = LocalSource("source_users", {{"id", duckdb::LogicalType::BIGINT}}, 3);
  for (const char* name :
       {"duckdb_tables", "DuckDB_Columns", "pragma_database_list", "sqlite_master"}) {
    EXPECT_FALSE(database_->RegisterTable(name, users).has_value()) << name;
    database_->RegisterFailedTable(name, UserError(ErrorCode::kNotFound, "gone"));
  }
  EXPECT_EQ(Run("SHOW TABLES").substr(0, 13), "table_catalog");
  ASSERT_TRUE(database_->RegisterTable("tables", users).has_value());
  EXPECT_EQ(Run("DESCRIBE \"tables\"").substr(0, 11), "column_name");
  EXPECT_EQ(Run("-- c\n desc \"tables\"").substr(0, 11), "column_name");
  EXPECT_EQ(Run("SHOW TABLES").substr(0, 13), "table_catalog");
}

TEST_F(DatabaseTest, RefusesBadOptions) {
  DatabaseOptions options;
  options.memory_limit = "many";
  const auto opened = Database::Open(options);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace sumac::engine
