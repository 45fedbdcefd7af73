// The views of the catalog `spice`.
#include <gmock/gmock.h>

#include "engine/database_fixture.h"
#include "engine/view_set.h"

namespace sumac::engine {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ViewTest : public DatabaseFixture {
 protected:
  // Registers them and returns the messages: "" for a view that is usable.
  std::vector<std::string> Register(const std::vector<ViewDefinition>& views) {
    std::vector<std::string> messages;
    for (const auto& status : database_->RegisterViews(views)) {
      messages.push_back(status ? "" : status.error().message);
    }
    return messages;
  }

  // The same for one.
  std::string RegisterOne(const std::string& name, const std::string& sql) {
    return Register({{.name = name, .sql = sql, .description = ""}}).front();
  }

  // `users` again, from another query.
  void ReplaceUsers(const std::string& select) {
    const std::string table = "users_" + std::to_string(++replaced_);
    ASSERT_TRUE(database_->RegisterTable("users", MakeSource(table, select)).has_value());
  }

  int replaced_ = 0;
};

TEST_F(ViewTest, IsAQueryUnderAName) {
  MakeUsers();
  EXPECT_EQ(RegisterOne("odd", "SELECT id, name FROM users WHERE id % 2 = 1;"), "");
  for (const char* name : {"odd", "ODD", "public.odd", "spice.public.odd", "spice.odd"}) {
    EXPECT_EQ(Run(std::string("SELECT * FROM ") + name), "id | name\n1 | u1") << name;
  }
  EXPECT_EQ(Run("SELECT public.odd.name FROM odd"), "name\nu1");
  EXPECT_EQ(Run("SELECT o.a, o.name FROM odd AS o(a)"), "a | name\n1 | u1");
  EXPECT_EQ(Run("WITH odd AS (SELECT 7 AS n) SELECT n FROM odd"), "n\n7");
}

TEST_F(ViewTest, TakesEveryKindOfQuery) {
  MakeUsers();
  const struct {
    const char* sql;
    const char* answer;
  } queries[] = {
      {"VALUES (1, 'a')", "col0 | col1\n1 | a"},
      {"FROM users SELECT max(id) AS m", "m\n2"},
      {"TABLE users LIMIT 0", "id | name | home | numbers"},
      {"SELECT 1 AS a UNION ALL (SELECT max(id) FROM users) ORDER BY a", "a\n1\n2"},
      {"WITH u AS (SELECT id FROM users), users AS (SELECT id FROM u) "
       "SELECT count(*) AS n FROM users",
       "n\n3"},
      // The first `users` is the dataset.
      {"WITH users AS (SELECT id + 1 AS id FROM users) SELECT sum(id) AS s FROM users", "s\n6"},
      {"WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 4) "
       "SELECT sum(n) AS s FROM r",
       "s\n10"},
      {"SELECT (SELECT max(id) FROM users v WHERE v.id < u.id + 1) AS m FROM users u "
       "WHERE EXISTS (FROM users LIMIT 1) ORDER BY (SELECT max(id) FROM users), m LIMIT 1",
       "m\n0"},
      {"SELECT a.id, b.id, a.ID FROM users a JOIN users b USING (id) WHERE a.id = 1",
       "id | id_1 | id_2\n1 | 1 | 1"},
      {"SELECT count(*) AS n FROM users u, LATERAL (SELECT unnest(u.numbers))", "n\n6"},
      {"PIVOT (SELECT id, name, home.city AS city FROM users) ON id IN (0, 1) USING max(name) "
       "GROUP BY city ORDER BY 1",
       "city | 0 | 1\nc0 | u0 | NULL\nc1 | NULL | u1"},
      {"SELECT count(*) AS n FROM (DESCRIBE users)", "n\n4"},
      {"SELECT NULL AS nothing, count(*) FROM range(3)", "nothing | count_star()\nNULL | 3"},
      {"SELECT 1 AS \"v\", 2 AS \"a \"\"b\"\".c\"", "v | a \"b\".c\n1 | 2"},
      {"SELECT count(*) AS n FROM information_schema.schemata WHERE schema_name = 'public'",
       "n\n1"},
  };
  for (const auto& [sql, answer] : queries) {
    EXPECT_EQ(RegisterOne("v", sql), "") << sql;
    EXPECT_EQ(Run("SELECT * FROM v"), answer) << sql;
  }
}

TEST_F(ViewTest, RefusesWhatIsNotOneQuery) {
  MakeUsers();
  const struct {
    const char* sql;
    const char* says;
  } wrong[] = {
      {"", "its SQL must be one query, not 0 statements"},
      {"SELECT 1; SELECT 2", "its SQL must be one query, not 2 statements"},
      {"DROP TABLE users", "its SQL must be a query: "},
      {"CREATE VIEW w AS SELECT 1", "its SQL must be a query: "},
      {"COPY users TO '/tmp/x'", "its SQL must be a query: "},
      {"EXPLAIN SELECT 1", "its SQL must be a query: "},
      {"PRAGMA database_list", "its SQL must be a query: "},
      {"DESCRIBE users", "its SQL must be a query: "},
      {"SHOW TABLES", "its SQL must be a query: "},
      {"SET threads = 1", "its SQL must be a query: "},
      {"PIVOT users ON id USING max(name)", "its SQL must be a query: "},
      {"SELECT * FROM users WHERE id = $1", "its SQL must not have parameters"},
      {"SELECT ? AS a", "its SQL must not have parameters"},
      {"SELEC 1", "syntax error at or near \"SELEC\""},
      {"SELECT * FROM user", "Table with name user does not exist! Did you mean \"users\"?"},
      {"SELECT emial FROM users", "Referenced column \"emial\" not found in FROM clause!"},
      {"SELECT * FROM '/etc/passwd'", "Table with name /etc/passwd does not exist!"},
      {"SELECT * FROM '/etc/x.csv'", "Table with name /etc/x.csv does not exist!"},
      {"SELECT 1 +", "syntax error at end of input"},
      {"SELECT * FROM v", "it is made of itself: v -> v"},
  };
  for (const auto& [sql, says] : wrong) {
    const std::string message = RegisterOne("v", sql);
    EXPECT_THAT(message, StartsWith(std::string("view 'v': ") + says)) << sql;
    EXPECT_THAT(message, Not(HasSubstr("\n"))) << sql;
    EXPECT_EQ(Run("SELECT * FROM v"), "error: " + message) << sql;
  }
}

// A text is as deep as DuckDB's parser lets it be, and is visited as deep.
TEST_F(ViewTest, SurvivesDeepQueries) {
  MakeUsers();
  for (const int depth : {150, 900, 3000}) {
    std::string nested = "SELECT id FROM users";
    std::string joined = "SELECT count(*) FROM users";
    std::string united = "SELECT 1";
    for (int i = 0; i < depth; ++i) {
      nested = "SELECT * FROM (" + nested + ")";
      joined += ", range(1)";
      united += " UNION ALL SELECT 1";
    }
    for (const auto& sql : {nested, joined, united}) {
      const std::string message = RegisterOne("v", sql);
      if (depth > 1000) {
        EXPECT_THAT(message, StartsWith("view 'v': ")) << sql.substr(0, 60);
      }
      if (depth < 200) {
        EXPECT_EQ(message, "") << sql.substr(0, 60);
      }
    }
  }
}

TEST_F(ViewTest, OneBadViewDoesNotHideTheOthers) {
  MakeUsers();
  database_->RegisterFailedTable("gone", UserError(ErrorCode::kNotFound, "dataset 'gone': no"));
  const auto messages = Register({{"over_bad", "SELECT * FROM bad", ""},
                                  {"bad", "SELECT x FROM users", ""},
                                  {"a", "SELECT * FROM B", ""},
                                  {"b", "SELECT * FROM public.c", ""},
                                  {"c", "SELECT * FROM (FROM spice.public.a) UNION FROM good", ""},
                                  {"over_cycle", "FROM a", ""},
                                  {"over_gone", "SELECT * FROM gone", ""},
                                  {"duckdb_tables", "SELECT 1", ""},
                                  {"top", "SELECT id FROM good", ""},
                                  {"good", "SELECT id FROM users WHERE id = 2", ""}});
  EXPECT_THAT(messages[0], StartsWith("view 'over_bad': view 'bad': Referenced column \"x\""));
  EXPECT_THAT(messages[1], StartsWith("view 'bad': Referenced column \"x\""));
  EXPECT_EQ(messages[2], "view 'a': it is made of itself: a -> b -> c -> a");
  EXPECT_EQ(messages[3], "view 'b': it is made of itself: b -> c -> a -> b");
  EXPECT_EQ(messages[4], "view 'c': it is made of itself: c -> a -> b -> c");
  EXPECT_EQ(messages[5], "view 'over_cycle': " + messages[2]);
  EXPECT_EQ(messages[6], "view 'over_gone': dataset 'gone': no");
  EXPECT_THAT(messages[7], HasSubstr("SQL's own views"));
  EXPECT_EQ(messages[8], "");
  EXPECT_EQ(messages[9], "");
  EXPECT_EQ(Run("SELECT * FROM top"), "id\n2");
  EXPECT_EQ(Run("SELECT * FROM good, over_gone"), "error: " + messages[6]);
  EXPECT_EQ(Run("SELECT 1 AS a FROM top, a"), "error: " + messages[2]);
  const auto failed = session_->Execute("SELECT * FROM over_gone");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::kNotFound);
}

TEST_F(ViewTest, FollowsItsDatasets) {
  MakeUsers();
  EXPECT_THAT(
      Register({{"by_city", "SELECT home.city AS city, count(*) AS n FROM users GROUP BY 1", ""},
                {"all_users", "SELECT * FROM users", ""},
                {"over_all", "SELECT * FROM all_users", ""},
                {"late", "SELECT country FROM users", ""}})[3],
      HasSubstr("Referenced column \"country\""));
  // A column more, in front, and a type that changes.
  ReplaceUsers("SELECT 'nl' AS country, i::VARCHAR AS id, {'city': i} AS home FROM range(2) t(i)");
  EXPECT_EQ(Run("SELECT * FROM over_all ORDER BY id LIMIT 1"),
            "country | id | home\nnl | 0 | {'city': 0}");
  EXPECT_EQ(Run("SELECT * FROM by_city ORDER BY city LIMIT 1"), "city | n\n0 | 1");
  EXPECT_EQ(Run("DESCRIBE all_users"), Run("DESCRIBE users"));
  EXPECT_EQ(Run("SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_name = 'over_all' ORDER BY ordinal_position"),
            "column_name | data_type\ncountry | VARCHAR\nid | VARCHAR\n"
            "home | STRUCT(city BIGINT)");
  EXPECT_EQ(Run("SELECT * FROM late LIMIT 1"), "country\nnl");
  // A column less: what uses it says so, and nothing else fails.
  ReplaceUsers("SELECT 1 AS id");
  EXPECT_THAT(Run("SELECT * FROM by_city"), StartsWith("error: view 'by_city': "));
  EXPECT_EQ(Run("SELECT * FROM over_all"), "id\n1");
  database_->RegisterFailedTable("users",
                                 UserError(ErrorCode::kUnavailable, "dataset 'users': no"));
  EXPECT_EQ(Run("SELECT * FROM over_all"), "error: dataset 'users': no");
}

// A name of WITH hides a table everywhere but in its own query.
TEST_F(ViewTest, KnowsTheNamesOfWith) {
  MakeUsers();
  for (const char* sql :
       {"WITH users AS (SELECT id FROM users WHERE id > 0) SELECT count(*) AS n FROM users",
        "WITH users AS (SELECT id FROM users WHERE id > 0) SELECT count(*) AS n FROM (FROM users)",
        "WITH x AS (WITH users AS (SELECT id FROM users WHERE id > 0) SELECT id FROM users) "
        "SELECT count(*) AS n FROM x",
        "SELECT count(*) AS n FROM (WITH users AS (VALUES (1)) FROM users UNION ALL FROM users)",
        "WITH a AS (WITH users AS (VALUES (1)) FROM users) SELECT count(*) - 1 AS n FROM users",
        "WITH a AS (SELECT id FROM users), users AS (FROM a LIMIT 2), b AS (FROM users) "
        "SELECT count(*) AS n FROM b",
        "WITH RECURSIVE users AS (SELECT id FROM users WHERE id < 1 "
        "UNION ALL SELECT id + 1 FROM users WHERE id < 1) SELECT count(*) AS n FROM users",
        "(WITH a AS (SELECT count(*) - 1 AS n FROM users) FROM a) UNION ALL "
        "(WITH users AS (SELECT 1 AS x LIMIT 0) SELECT x AS n FROM users)"}) {
    EXPECT_EQ(RegisterOne("sales.v", sql), "") << sql;
    EXPECT_EQ(Run("SELECT * FROM sales.v"), "n\n2") << sql;
  }
}

TEST_F(ViewTest, NamesMeanTheSameInEverySession) {
  MakeUsers();
  ASSERT_TRUE(
      database_->RegisterTable("sales.orders", MakeSource("o", "SELECT 5 AS total")).has_value());
  EXPECT_EQ(RegisterOne("sales.both",
                        "SELECT count(*) AS n, (FROM sales.orders) AS total, "
                        "(SELECT max(id) FROM spice.users) AS top FROM users"),
            "");
  const std::string answer = "n | total | top\n3 | 5 | 2";
  EXPECT_EQ(Run("SELECT * FROM sales.both"), answer);
  EXPECT_EQ(Run("CREATE TEMP TABLE users AS SELECT 1 AS id"), "Count\n1");
  EXPECT_EQ(
      Run("CREATE SCHEMA memory.sales; CREATE TABLE memory.sales.orders AS SELECT 9 AS total; "
          "CREATE TABLE memory.main.users AS SELECT 1 AS id"),
      "Count\n1");
  for (const char* path : {"USE memory", "USE memory.sales", "USE spice.sales"}) {
    Run(path);
    EXPECT_EQ(Run("SELECT * FROM spice.sales.both"), answer) << path;
  }
}

TEST_F(ViewTest, FindsASchemaOfViewsOnly) {
  EXPECT_THAT(Register({{"v", "FROM archive.w", ""}, {"archive.w", "SELECT 1 AS a", ""}}),
              testing::Each(""));
  EXPECT_EQ(Run("USE memory"), "Success");
  EXPECT_EQ(Run("FROM spice.public.v"), "a\n1");
}

TEST_F(ViewTest, IsDescribedAsAView) {
  MakeUsers();
  EXPECT_EQ(Register({{"sales.my \"view\"", "SELECT id, home FROM users ; ", "Who buys."}})[0], "");
  EXPECT_EQ(Run("SELECT id FROM sales.\"my \"\"view\"\"\" LIMIT 1"), "id\n0");
  EXPECT_EQ(Run("SHOW TABLES"),
            "table_catalog | table_schema | table_name | table_type\n"
            "spice | public | users | BASE TABLE\n"
            "spice | sales | my \"view\" | VIEW");
  EXPECT_EQ(Run("DESCRIBE sales.\"my \"\"view\"\"\""),
            "column_name | data_type | is_nullable\n"
            "id | Int64 | YES\n"
            "home | Struct(\"city\": Utf8, \"zip\": Int64) | YES");
  EXPECT_EQ(Run("SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_schema = 'sales'"),
            "column_name | data_type\nid | BIGINT\nhome | STRUCT(city VARCHAR, zip BIGINT)");
  EXPECT_EQ(Run("SELECT schema_name, view_name, comment, column_count, sql FROM duckdb_views() "
                "WHERE database_name = 'spice'"),
            "schema_name | view_name | comment | column_count | sql\n"
            "sales | my \"view\" | Who buys. | 2 | "
            "CREATE VIEW sales.\"my \"\"view\"\"\" AS SELECT id, home FROM users ;");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM duckdb_tables() WHERE schema_name = 'sales'"), "n\n0");
  EXPECT_EQ(RegisterOne("many", "SELECT * FROM users"), "");
  EXPECT_EQ(Run("SELECT name, type FROM pragma_table_info('many') LIMIT 2"),
            "name | type\nid | BIGINT\nname | VARCHAR");
  EXPECT_EQ(Run("SELECT * FROM manu"),
            "error: Table with name manu does not exist! Did you mean \"many\"?");
}

TEST_F(ViewTest, TakesParametersOfTheQuery) {
  MakeUsers();
  EXPECT_THAT(Register({{"v", "SELECT id, name FROM users", ""}, {"w", "FROM v", ""}}),
              testing::Each(""));
  QueryParameters parameters;
  parameters.positional = {duckdb::Value::BIGINT(1), duckdb::Value("u1")};
  EXPECT_EQ(Run("SELECT v.name, $2 AS x FROM v JOIN w USING (id) WHERE id = $1 AND w.name = $2",
                parameters),
            "name | x\nu1 | u1");
}

TEST_F(ViewTest, CannotBeWrittenTo) {
  MakeUsers();
  EXPECT_EQ(RegisterOne("v", "SELECT id FROM users"), "");
  for (const char* sql :
       {"DROP VIEW v", "INSERT INTO v VALUES (1)", "DELETE FROM v", "UPDATE v SET id = 1",
        "CREATE OR REPLACE VIEW v AS SELECT 1", "ALTER VIEW v RENAME TO w",
        "COMMENT ON VIEW v IS 'x'", "COMMENT ON COLUMN v.id IS 'x'"}) {
    EXPECT_EQ(Run(sql).substr(0, 6), "error:") << sql;
  }
  EXPECT_EQ(Run("SELECT count(*) AS n FROM v"), "n\n3");
}

// Where SQL comes from a network, a view can do what a query can.
TEST_F(ViewTest, IsAsShutInAsAQuery) {
  Open(/*shut_in=*/true);
  for (const char* sql :
       {"SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd.csv'", "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM enable_logging('QueryLog')", "SELECT current_setting('secret_directory')",
        "SELECT * FROM query('SELECT 1')", "SELECT json_structure('[]')",
        "SELECT (SELECT count(*) FROM read_blob('/etc/passwd'))"}) {
    EXPECT_THAT(RegisterOne("v", sql), StartsWith("view 'v': ")) << sql;
    EXPECT_THAT(Run("SELECT * FROM v"), StartsWith("error: view 'v': ")) << sql;
  }
  EXPECT_EQ(RegisterOne("v", "SELECT count(*) AS n FROM range(3)"), "");
  EXPECT_EQ(Run("SELECT * FROM v"), "n\n3");
}

TEST_F(ViewTest, HasBounds) {
  MakeUsers();
  // The tables of WITH are counted once.
  std::string with = "WITH c0 AS (FROM users)";
  for (int i = 1; i < 40; ++i) with += ", c" + std::to_string(i) + " AS (FROM users)";
  EXPECT_EQ(RegisterOne("v", with + " SELECT count(*) AS n FROM c39"), "");

  // Each reads twice what the one before reads: 2, 4, ... 512, 1024.
  std::vector<ViewDefinition> views = {{"v1", "FROM users UNION ALL FROM users", ""}};
  for (int i = 2; i <= 11; ++i) {
    const std::string before = "v" + std::to_string(i - 1);
    views.push_back({"v" + std::to_string(i), "FROM " + before + " UNION ALL FROM " + before, ""});
  }
  auto messages = Register(views);
  EXPECT_EQ(messages[8], "");
  EXPECT_THAT(messages[9], HasSubstr("more than 1000 tables"));
  EXPECT_THAT(messages[10], HasSubstr("view 'v11': "));
  EXPECT_EQ(Run("SELECT count(*) AS n FROM v9"), "n\n1536");

  // In the order of the file the last comes first.
  views.clear();
  const size_t count = kViewDepthMax + 1;
  for (size_t i = count; i > 1; --i) {
    views.push_back({"w" + std::to_string(i), "FROM w" + std::to_string(i - 1), ""});
  }
  views.push_back({"w1", "FROM users", ""});
  messages = Register(views);
  EXPECT_THAT(messages[0], HasSubstr("more than 32 views"));
  EXPECT_EQ(messages[1], "");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM w32"), "n\n3");
}

}  // namespace
}  // namespace sumac::engine
