#include "datasets/file_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "datasets/local_fixture.h"

namespace sumac::datasets {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class FileConnectorTest : public LocalFixture {};

TEST_F(FileConnectorTest, ReadsEachFormat) {
  Make("COPY (SELECT i AS id, 'n' || i AS name FROM range(3) t(i)) TO '" + Path("p.parquet") + "'");
  Write("c.csv", "id,name\n1,\"a,\"\"b\"\"\"\n2,#c\n");
  Write("t.tsv", "id\tname\n1,5\tx\n");
  Write("l.jsonl", "{\"id\":1,\"in\":{\"a\":[1,2]}}\n{\"id\":2}\n");
  Write("j.json", "[{\"id\":7},{\"id\":8}]");
  Write("semicolons", "1;'a'\n2;''\n");
  for (const bool shut_in : {false, true}) {
    Load(Dataset("file:p.parquet", "p") + Dataset("file:" + Path("c.csv"), "c") +
             Dataset("file:t.tsv", "t") + Dataset("file:l.jsonl", "l") +
             Dataset("file://" + Path("j.json"), "j") +
             Dataset("file:semicolons", "s",
                     "      file_format: csv\n      csv_has_header: false\n"
                     "      csv_delimiter: ';'\n      csv_quote: \"'\"\n"),
         shut_in);
    EXPECT_EQ(All("FROM p ORDER BY id"), "0 | n0\n1 | n1\n2 | n2");
    EXPECT_EQ(All("FROM c ORDER BY id"), "1 | a,\"b\"\n2 | #c");
    EXPECT_EQ(All("FROM t"), "1,5 | x");
    EXPECT_EQ(All("SELECT id, \"in\".a[2] FROM l ORDER BY id"), "1 | 2\n2 | NULL");
    EXPECT_EQ(All("SELECT sum(id) FROM j"), "15");
    EXPECT_EQ(All("SELECT column0, column1 FROM s ORDER BY 1"), "1 | a\n2 | NULL");
    for (const char* table : {"p", "c", "l", "j", "s"}) {
      EXPECT_THAT(All(std::string("SELECT count(*) FROM ") + table), testing::MatchesRegex("[23]"));
    }
    EXPECT_EQ(All("SELECT a.id FROM p a JOIN c b USING (id) WHERE a.id > 1"), "2");
    // A plan that DuckDB would copy.
    EXPECT_EQ(All("WITH x AS (SELECT * FROM p) SELECT count(*) FROM (FROM x a, x b LIMIT 4)"), "4");
    EXPECT_EQ(All("SELECT id FROM p ORDER BY name DESC LIMIT 1"), "2");
  }
}

TEST_F(FileConnectorTest, FiltersReachTheReader) {
  Make("COPY (SELECT i AS id, repeat('x', 100) AS text FROM range(100000) t(i)) TO '" +
       Path("p.parquet") + "' (ROW_GROUP_SIZE 2048)");
  Load(Dataset("file:p.parquet", "p"), true);
  const auto plan = All("EXPLAIN SELECT id FROM p WHERE id = 77777");
  EXPECT_THAT(plan, HasSubstr("READ_PARQUET"));
  EXPECT_THAT(plan, HasSubstr("Filters"));
  EXPECT_THAT(plan, Not(HasSubstr("text")));
  EXPECT_EQ(All("SELECT count(*), max(id) FROM p WHERE id >= 99990"), "10 | 99999");
}

TEST_F(FileConnectorTest, FoldersAndPatternsAreLookedAtAnew) {
  Write("logs/a.csv", "id,name\n1,a\n");
  Write("logs/_SUCCESS", "");
  Write("logs/notes.md", "none");
  Write("logs/day/b.csv", "name,id\nb,2\n");
  Load(Dataset("file:logs/", "folder") + Dataset("file:logs/*.csv", "pattern"), true);
  EXPECT_EQ(All("FROM folder ORDER BY id"), "1 | a\n2 | b");
  EXPECT_EQ(All("FROM pattern"), "1 | a");
  Write("logs/c.csv", "id,name\n3,c\n");
  Write("logs/empty.csv", "");
  EXPECT_EQ(All("SELECT count(*) FROM folder"), "3");
  EXPECT_EQ(All("SELECT count(*) FROM pattern"), "2");
  // A number column stays one.
  Write("logs/d.csv", "id,name\nfour,d\n");
  EXPECT_THAT(All("FROM folder"), HasSubstr("four"));
  EXPECT_THAT(All("SELECT sum(id) FROM folder"), HasSubstr("Could not convert"));
  std::filesystem::remove(Path("logs/d.csv"));
  // Columns are those of the start until the schema is refreshed.
  Write("logs/e.csv", "id,name,extra\n5,e,x\n");
  EXPECT_EQ(All("SELECT count(*) FROM folder"),
            "error: dataset 'folder': the files have other columns than when they were loaded "
            "('extra' is new); refresh its schema or restart");
  const auto change = runtime_->RefreshSchema("folder");
  ASSERT_TRUE(change.has_value()) << change.error().message;
  EXPECT_EQ(All("SELECT extra FROM folder WHERE id = 5"), "x");
  EXPECT_EQ(All("SELECT extra FROM folder WHERE id = 1"), "NULL");
  std::filesystem::remove_all(Path("logs"));
  EXPECT_THAT(All("FROM folder"), StartsWith("error: dataset 'folder': '" + Path("logs") + "'"));
}

TEST_F(FileConnectorTest, TypesOfCsvAreThoseOfTheStart) {
  Write("c.csv",
        "id,day,at,odd,when\n1,2024-01-05,2024-01-05 10:00:00,01/02/2024,01/02/2024 10:00:00\n");
  Load(Dataset("file:c.csv", "c"));
  EXPECT_EQ(Types("c"), "id BIGINT, day DATE, at TIMESTAMP, odd VARCHAR, when VARCHAR");
  // What could be read in another way is not.
  Write("c.csv", "id,day,at,odd,when\n1,01/02/2024,2024-01-05 10:00:00,x,y\n");
  EXPECT_THAT(All("SELECT day FROM c"), StartsWith("error: "));
  EXPECT_EQ(All("SELECT odd FROM c"), "x");
  Write("c.csv", "id,day,at,odd,when\n1,2024-01-05,01/02/2024 10:00:00,x,y\n");
  EXPECT_THAT(All("SELECT at FROM c"), StartsWith("error: "));
  Write("c.csv", "id,day,at,odd,when\n5,2024-01-05,2024-01-05 10:00:00,9,9\n");
  EXPECT_EQ(All("SELECT id, odd FROM c WHERE id = 5"), "5 | 9");
  Write("c.csv", "id,day,at,odd\n1,2024-01-05,2024-01-05 10:00:00,x\n");
  EXPECT_THAT(All("SELECT id FROM c"), HasSubstr("('when' is gone); refresh its schema"));
}

TEST_F(FileConnectorTest, FoldersOfAPartitionAreColumns) {
  for (int year : {2023, 2024}) {
    std::filesystem::create_directories(Path("h/year=" + std::to_string(year)));
    Make(fmt::format("COPY (SELECT {0} AS id) TO '{1}/h/year={0}/x.parquet'", year, folder_));
  }
  const std::string hive = "      hive_partitioning_enabled: true\n";
  Load(Dataset("file:h", "h", hive) + Dataset("file:h", "plain"), true);
  EXPECT_EQ(Types("h"), "id INTEGER, year BIGINT");
  EXPECT_EQ(Types("plain"), "id INTEGER");
  EXPECT_EQ(All("SELECT id FROM h WHERE year = 2024"), "2024");
  EXPECT_EQ(All("SELECT count(*) FROM h"), "2");
}

TEST_F(FileConnectorTest, FailsInOneClearLineEach) {
  Write("good.csv", "id\n1\n");
  Write("bad.parquet", "this is not parquet at all");
  Write("bad.jsonl", "{\"id\":");
  Write("empty.csv", "");
  Write("empty.parquet", "");
  Write("plain", "x");
  Write("mixed/a.csv", "id\n1\n");
  Write("mixed/b.jsonl", "{\"id\":1}\n");
  std::filesystem::create_directories(Path("none"));
  const std::string typed = "    columns:\n      - name: id\n        type: varchar\n";
  Load(Dataset("file:good.csv", "good") + Dataset("file:nowhere.csv", "missing") +
       Dataset("file:*.txt", "pattern") + Dataset("file:none", "none") +
       Dataset("file:bad.parquet", "parquet") + Dataset("file:bad.jsonl", "jsonl") +
       Dataset("file:empty.csv", "csv") + Dataset("file:empty.parquet", "zero") +
       Dataset("file:plain", "plain") + Dataset("file:mixed", "mixed") +
       Dataset("file:good.csv", "format", "      file_format: avro\n") +
       Dataset("file:good.csv", "delimiter", "      csv_delimiter: ab\n") +
       Dataset("file:good.csv", "typed", "", typed) + Dataset("\"file:\"", "nothing"));
  EXPECT_EQ(All("FROM good"), "1");
  const std::map<std::string, std::string> reasons = {
      {"missing", "there is no file or folder '" + Path("nowhere.csv") + "'"},
      {"pattern", "no file matches '" + Path("*.txt") + "'"},
      {"none", "the folder '" + Path("none") + "' has no files"},
      {"parquet", "the files cannot be read: No magic bytes found at end of file '" +
                      Path("bad.parquet") + "'"},
      {"jsonl", "the files cannot be read: Malformed JSON in file \"" + Path("bad.jsonl")},
      {"csv", "'" + Path("empty.csv") + "' is empty"},
      {"zero", "the files cannot be read: "},
      {"plain", "'" + Path("plain") + "' does not say what format it has; set file_format"},
      {"mixed", "'" + Path("mixed") + "' has files of several formats; set file_format"},
      {"format", "parameter 'file_format' takes parquet, csv, json or jsonl, not 'avro'"},
      {"delimiter", "parameter 'csv_delimiter' takes one character, not 'ab'"},
      {"typed", "column 'id' has a type under 'columns', which works for dynamodb: alone"},
      {"nothing", "'from' names no file"},
  };
  for (const auto& [name, reason] : reasons) {
    EXPECT_THAT(Failure(name), StartsWith("dataset '" + name + "': " + reason)) << name;
    EXPECT_THAT(Failure(name), Not(HasSubstr("\n"))) << name;
    EXPECT_EQ(All("FROM " + name), "error: " + Failure(name));
  }
}

// What SQL that is served can do with a file that a dataset reads: nothing by itself.
TEST_F(FileConnectorTest, ServedSqlReadsNoFilesByItself) {
  Make("COPY (SELECT 1 AS id) TO '" + Path("p.parquet") + "'");
  Write("c.csv", "id\n1\n");
  Write("j.jsonl", "{\"id\":1}\n");
  Write("other.csv", "id\n1\n");
  Load(Dataset("file:p.parquet", "p") + Dataset("file:c.csv", "c") + Dataset("file:j.jsonl", "j") +
           Dataset("file:" + folder_, "all", "      file_format: csv\n"),
       true);
  ASSERT_EQ(All("SELECT p.id + c.id + j.id FROM p, c, j"), "3");
  ASSERT_EQ(All("SELECT count(*) FROM \"all\""), "2");
  for (const auto& file : {Path("p.parquet"), Path("c.csv"), Path("j.jsonl"), Path("other.csv"),
                           std::string("/etc/passwd")}) {
    for (const std::string scheme : {"", "dataset:", "dataset:/70", "file://"}) {
      const std::string path = "'" + scheme + file + "'";
      for (const std::string& query :
           {"FROM " + path, "FROM \"" + scheme + file + "\"", "FROM read_csv(" + path + ")",
            "FROM read_parquet(" + path + ")", "FROM read_json(" + path + ")",
            "FROM read_text(" + path + ")", "FROM read_blob(" + path + ")",
            "FROM glob(" + path + ")", "FROM parquet_metadata(" + path + ")",
            "FROM sniff_csv(" + path + ")", "ATTACH " + path + " AS x", "COPY p TO " + path,
            "COPY (FROM p) TO " + path, "CREATE TABLE t AS FROM " + path}) {
        EXPECT_THAT(All(query), StartsWith("error: ")) << query;
      }
    }
  }
  EXPECT_THAT(All("SET enable_external_access = true"), StartsWith("error: "));
  EXPECT_THAT(All("SELECT filename FROM p"), StartsWith("error: "));
  EXPECT_THAT(All("SELECT * FROM duckdb_settings()"), testing::StartsWith("error: "));
}

// Names are taken as they are, and a link is a file wherever it leads.
TEST_F(FileConnectorTest, TakesAnyName) {
  Write("outside/o.csv", "id\n1\n");
  for (const char* name : {"it's a \"name\" [1].csv", "a*b?.csv", "..c.csv", "dataset:d.csv"}) {
    Write("in/" + std::string(name), "id\n2\n");
  }
  std::filesystem::create_symlink(Path("outside/o.csv"), Path("in/link.csv"));
  std::filesystem::create_directory_symlink(Path("outside"), Path("in/folder"));
  std::filesystem::create_symlink(Path("nowhere"), Path("in/broken.csv"));
  Load(Dataset("\"file:in/it's a \\\"name\\\" [1].csv\"", "quoted") + Dataset("file:in", "folder") +
           Dataset("\"file:in/a*b?.csv\"", "starred") +
           Dataset("\"file:in/../in/./[!a].csv\"", "none") +
           Dataset("file:in/../outside/o.csv", "dots") + Dataset("file:in/dataset:d.csv", "scheme"),
       true);
  for (const std::string name : {"quoted", "starred", "scheme"}) {
    EXPECT_EQ(All("FROM " + name), "2") << name;
  }
  EXPECT_EQ(All("FROM dots"), "1");
  // Names that begin with a point are left out of folders.
  EXPECT_EQ(All("SELECT id, count(*) FROM folder GROUP BY id ORDER BY id"), "1 | 1\n2 | 3");
  EXPECT_THAT(Failure("none"), HasSubstr("no file matches '" + Path("in/[!a].csv") + "'"));
}

// What is broken between two queries.
TEST_F(FileConnectorTest, FilesBreakUnderAQuery) {
  Make("COPY (SELECT i AS id FROM range(100000) t(i)) TO '" + Path("p.parquet") + "'");
  Write("c.csv", "id,name\n1,a\n");
  Write("header.csv", "id,name\n");
  Load(Dataset("file:p.parquet", "p") + Dataset("file:c.csv", "c") +
           Dataset("file:header.csv", "header"),
       true);
  EXPECT_EQ(All("SELECT count(*) FROM p"), "100000");
  EXPECT_EQ(All("FROM header"), "");
  EXPECT_EQ(Types("header"), "id VARCHAR, name VARCHAR");
  Write("header.csv", "id,name\n1,a\n");
  EXPECT_EQ(All("FROM header"), "1 | a");
  std::filesystem::resize_file(Path("p.parquet"), 1000);
  Write("c.csv", "id,name\n1,a\n2\n3,c,d\n");
  for (const std::string name : {"p", "c"}) {
    const auto answer = All("FROM " + name);
    EXPECT_THAT(answer, StartsWith("error: ")) << name;
    EXPECT_THAT(answer, HasSubstr("dataset '" + name + "'")) << name;
    EXPECT_THAT(answer, HasSubstr(Path(name + "."))) << answer;
    EXPECT_THAT(answer, Not(HasSubstr("\n"))) << name;
  }
  std::filesystem::remove(Path("p.parquet"));
  EXPECT_EQ(All("FROM p"), "error: dataset 'p': there is no file '" + Path("p.parquet") + "'");
}

TEST_F(FileConnectorTest, IsAcceleratedAndInViews) {
  Write("c.csv", "id,name\n1,a\n2,b\n");
  const std::string accelerated = "    acceleration:\n      enabled: true\n";
  Load(Dataset("file:c.csv", "c", "", accelerated), true,
       "  - name: v\n    sql: SELECT max(id) AS top FROM c\n");
  EXPECT_EQ(All("FROM c ORDER BY id"), "1 | a\n2 | b");
  EXPECT_EQ(All("FROM v"), "2");
  std::filesystem::remove(Path("c.csv"));
  EXPECT_EQ(All("SELECT count(*) FROM c"), "2");
}

TEST_F(FileConnectorTest, HasNoCredentialsAndNoSample) {
  Write("c.csv", "id\n1\n");
  Load(Dataset("file:c.csv", "c"));
  const auto access = runtime_->ExplainAccess("c");
  ASSERT_FALSE(access.has_value());
  EXPECT_EQ(access.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(access.error().message,
            "dataset 'c' is from file:, and `sumac credentials` is for datasets from dynamodb:");
  EXPECT_FALSE(runtime_->Inspect("c", {}).has_value());
}

}  // namespace
}  // namespace sumac::datasets
