#include "datasets/duckdb_connector.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "datasets/local_fixture.h"
#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::datasets {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class DuckDbConnectorTest : public LocalFixture {
 protected:
  void SetUp() override {
    LocalFixture::SetUp();
    Make(
        "CREATE TABLE users AS SELECT i AS id, 'u' || i AS name FROM range(1000) t(i);"
        "CREATE SCHEMA sales; CREATE TABLE sales.orders (id INTEGER PRIMARY KEY, total "
        "DECIMAL(9,2));"
        "INSERT INTO sales.orders VALUES (1, 2.50), (2, 3.25);"
        "CREATE TABLE secret AS SELECT 'hidden' AS text;"
        "CREATE TABLE computed (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1));"
        "CREATE VIEW v AS SELECT * FROM users",
        "x.duckdb");
  }

  static std::string Table(const std::string& table, const std::string& name,
                           const std::string& more = "", const std::string& file = "x.duckdb") {
    return Dataset("duckdb:" + table, name, "      duckdb_open: " + file + "\n", more);
  }
};

TEST_F(DuckDbConnectorTest, ReadsTables) {
  for (const bool shut_in : {false, true}) {
    Load(Table("users", "users") + Table("sales.orders", "orders") + Table("main.users", "again"),
         shut_in);
    EXPECT_EQ(All("SELECT count(*), sum(id), max(name) FROM users"), "1000 | 499500 | u999");
    EXPECT_EQ(All("FROM orders WHERE id = 2"), "2 | 3.25");
    EXPECT_EQ(Types("orders"), "id INTEGER, total DECIMAL(9,2)");
    EXPECT_EQ(All("SELECT u.name, o.total FROM users u JOIN orders o USING (id) "
                  "JOIN again a USING (id) ORDER BY 1"),
              "u1 | 2.50\nu2 | 3.25");
    EXPECT_EQ(All("SELECT name FROM users ORDER BY id DESC LIMIT 1"), "u999");
    EXPECT_EQ(
        All("SELECT again.name FROM again JOIN users ON again.id = users.id + 998 ORDER BY 1"),
        "u998\nu999");
    EXPECT_EQ(All("WITH x AS (FROM users) SELECT count(*) FROM (FROM x a, x b LIMIT 4)"), "4");
  }
}

// What is in the file beside the tables of datasets is out of reach, also while the file is in use.
TEST_F(DuckDbConnectorTest, NoSqlReachesOtherTables) {
  Load(Table("users", "users"), true);
  ASSERT_EQ(All("SELECT count(*) FROM users"), "1000");
  EXPECT_EQ(All("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'secret'"), "0");
  EXPECT_EQ(All("SELECT count(*) FROM duckdb_databases() WHERE path LIKE '%x.duckdb%'"), "0");
  // While a query uses the database, DuckDB knows it by a name with a zero byte in it.
  const std::string zero(1, '\0');
  for (const std::string& name : {std::string("x"), std::string("sumac"), std::string("sumac1"),
                                  "sumac" + zero + "1", "sumac" + zero + "2"}) {
    EXPECT_THAT(All("SELECT * FROM users, \"" + name + "\".main.secret"), StartsWith("error: "));
  }
  for (const char* name :
       {"U&\"sumac\\00001\"", "U&\"sumac!00001\" UESCAPE '!'", "E'sumac\\0001'"}) {
    EXPECT_THAT(All(std::string("SELECT * FROM users, ") + name + ".main.secret"),
                StartsWith("error: "));
  }
  EXPECT_THAT(All("FROM '" + Path("x.duckdb") + "'"), StartsWith("error: "));
  EXPECT_THAT(All("ATTACH '" + Path("x.duckdb") + "' AS y (READ_ONLY)"), StartsWith("error: "));
  EXPECT_THAT(All("ATTACH 'dataset:/-" + Path("x.duckdb") + "' AS y (READ_ONLY)"),
              StartsWith("error: "));
  EXPECT_THAT(All("EXPLAIN FROM users"), HasSubstr("users"));
  EXPECT_THAT(All("INSERT INTO users VALUES (1, 'x')"), StartsWith("error: "));
}

TEST_F(DuckDbConnectorTest, FailsInOneClearLineEach) {
  Write("text.duckdb", std::string(20'000, 'x'));
  Write("zero.duckdb", "");
  Load(Table("users", "good") + Table("user", "near") + Table("v", "view") +
       Table("computed", "computed") + Table("a.b.c", "parts") +
       Table("users", "missing", "", "none.duckdb") + Table("users", "text", "", "text.duckdb") +
       Table("users", "zero", "", "zero.duckdb") + Table("users", "folder", "", ".") +
       Dataset("duckdb:users", "closed") +
       Table("users", "typed", "    columns:\n      - name: id\n        type: varchar\n"));
  EXPECT_EQ(All("SELECT count(*) FROM good"), "1000");
  const std::string file = "'" + Path("x.duckdb") + "'";
  const std::map<std::string, std::string> reasons = {
      {"near", "there is no table 'user' in " + file + "; did you mean 'users'?"},
      {"view", "'v' in " + file + " is a view, and only tables can be datasets"},
      {"computed", "table 'computed' in " + file + " has the generated column 'b'"},
      {"parts", "'a.b.c' is no name of a table; write duckdb:table or duckdb:schema.table"},
      {"missing", "there is no file '" + Path("none.duckdb") + "'"},
      {"text", "'" + Path("text.duckdb") + "' is not a DuckDB database"},
      {"zero", "'" + Path("zero.duckdb") + "' "},
      {"folder", "'" + folder_ + "' is not a file"},
      {"closed", "parameter 'duckdb_open' is missing"},
      {"typed", "column 'id' has a type under 'columns', which works for dynamodb: alone"},
  };
  for (const auto& [name, reason] : reasons) {
    EXPECT_THAT(Failure(name), StartsWith("dataset '" + name + "': " + reason)) << name;
    EXPECT_THAT(Failure(name), Not(HasSubstr("\n"))) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(Path("none.duckdb")));
}

// Another process has it open for writing.
TEST_F(DuckDbConnectorTest, SaysThatAnotherProcessWrites) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const int file = open(Path("x.duckdb").c_str(), O_RDWR);
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    fcntl(file, F_SETLK, &lock);
    [[maybe_unused]] const auto written = write(ready[1], "r", 1);
    pause();
    _exit(0);
  }
  char byte;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  Load(Table("users", "users"));
  EXPECT_EQ(Failure("users"), "dataset 'users': '" + Path("x.duckdb") +
                                  "' is open for writing in another process; close it there");
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  close(ready[1]);
  const auto change = runtime_->RefreshSchema("users");
  ASSERT_TRUE(change.has_value()) << change.error().message;
  EXPECT_EQ(All("SELECT count(*) FROM users"), "1000");
}

// What was written and not yet moved from the log to the file is there.
TEST_F(DuckDbConnectorTest, ReadsTheLogBesideTheFile) {
  const pid_t child = fork();
  if (child == 0) {
    duckdb::DuckDB database(Path("x.duckdb"));
    duckdb::Connection connection(database);
    connection.Query("PRAGMA disable_checkpoint_on_shutdown");
    connection.Query("INSERT INTO users VALUES (5000, 'new')");
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  ASSERT_TRUE(std::filesystem::exists(Path("x.duckdb.wal")));
  Load(Table("users", "users"), true);
  EXPECT_EQ(All("SELECT max(id), count(*) FROM users"), "5000 | 1001") << Failure("users");
  EXPECT_TRUE(std::filesystem::exists(Path("x.duckdb.wal")));
}

// What is open stays as it is until the dataset is loaded again.
TEST_F(DuckDbConnectorTest, OpensWhatHasReplacedTheFile) {
  Load(Table("users", "users") + Table("secret", "other"), true);
  ASSERT_EQ(All("SELECT count(*) FROM users"), "1000");
  Make("CREATE TABLE users AS SELECT 1 AS id, true AS active", "y.duckdb");
  std::filesystem::rename(Path("y.duckdb"), Path("x.duckdb"));
  EXPECT_EQ(All("SELECT count(*) FROM users"), "1000");
  const auto change = runtime_->RefreshSchema("users");
  ASSERT_TRUE(change.has_value()) << change.error().message;
  EXPECT_EQ(All("FROM users"), "1 | true");
  EXPECT_EQ(All("FROM other"), "hidden");
  EXPECT_FALSE(runtime_->RefreshSchema("other").has_value());
}

TEST_F(DuckDbConnectorTest, IsAcceleratedAndInViews) {
  const std::string accelerated = "    acceleration:\n      enabled: true\n";
  Load(Table("users", "users", accelerated) + Table("sales.orders", "shop.orders"), true,
       "  - name: v\n    sql: SELECT sum(total) AS total FROM shop.orders JOIN users USING (id)\n");
  EXPECT_EQ(All("FROM v"), "5.75");
  EXPECT_EQ(All("SELECT count(*) FROM users"), "1000");
}

TEST_F(DuckDbConnectorTest, JoinsWithFilesAndDynamoDb) {
  auto fake = fake_dynamodb::FakeDynamodb::Start({});
  ASSERT_TRUE(fake.has_value()) << fake.error().message;
  fake_dynamodb::TableDefinition events{.name = "events", .keys = {{"id", 'N'}}};
  for (int i = 0; i < 100; ++i) {
    events.items.push_back(fmt::format(R"({{"id":{{"N":"{0}"}},"kind":{{"S":"k{0}"}}}})", i));
  }
  ASSERT_TRUE((*fake)->AddTable(events).has_value());
  Make("COPY (SELECT i AS id, i * 2 AS weight FROM range(10) t(i)) TO '" + Path("w.parquet") + "'");
  const std::string keys = fmt::format(
      "      dynamodb_aws_region: us-west-2\n      endpoint_url: {}\n"
      "      dynamodb_aws_access_key_id: AKIDFAKE\n"
      "      dynamodb_aws_secret_access_key: ${{env:SECRET}}\n",
      (*fake)->endpoint_url());
  Load(Dataset("dynamodb:events", "events", keys) + Dataset("file:w.parquet", "weights") +
           Table("users", "users"),
       true);
  EXPECT_EQ(All("SELECT kind, weight, name FROM events JOIN weights USING (id) "
                "JOIN users USING (id) WHERE weight > 15 ORDER BY 2"),
            "k8 | 16 | u8\nk9 | 18 | u9");
}

}  // namespace
}  // namespace sumac::datasets
