#include "engine/copies/copy_file.h"

#include <fstream>

#include <sys/stat.h>
#include <sys/wait.h>

#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

namespace fs = std::filesystem;

class CopyFileTest : public CopyFixture {
 protected:
  std::string Opened(const std::string& path) { return Outcome(database_->FileCopies(path)); }

  // Runs statements on the file in an engine that is not Sumac's.
  static void ByOthers(const std::string& path, const std::vector<std::string>& statements) {
    duckdb::DuckDB database(path);
    duckdb::Connection connection(database);
    for (const auto& statement : statements) {
      const auto result = connection.Query(statement);
      ASSERT_FALSE(result->HasError()) << result->GetError();
    }
  }

  static std::string Contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

constexpr char kAllTypes[] =
    "SELECT i AS id, {'city': 'c' || i, 'zips': [i, NULL], 'in': {'x': i / 2}} AS home, "
    "[['a', NULL], []] AS lists, MAP {'k' || i: [i]} AS map, "
    "'\\x00\\xFF'::BLOB AS blob, (i || '.12345678901234567890')::DECIMAL(38, 20) AS wide, "
    "('{\"a\": [' || i || ', null]}')::JSON AS json, "
    "TIMESTAMP '2024-02-29 12:34:56.789012' AS at, repeat('long', 5000 * i::INTEGER) AS big, "
    "NULL::VARCHAR AS nothing FROM range(4) r(i)";

TEST_F(CopyFileTest, EveryTypeOutlivesTheEngine) {
  OpenFile();
  auto request = Request();
  request.facts.identity = "it's \"quoted\" \xc3\xa9";
  request.facts.note = std::string("a note\nof lines");
  request.facts.read_at = WallTime(std::chrono::microseconds(1'700'000'000'654'321));
  Serve(kAllTypes, request);
  const auto rows = Served();
  const auto types = Run("DESCRIBE t");
  EXPECT_GT(store_->Bytes(copy_), 0u);
  Reopen();
  Take();
  EXPECT_EQ(Served(), rows);
  EXPECT_EQ(Run("DESCRIBE t"), types);
  EXPECT_EQ(copy_.facts.identity, request.facts.identity);
  EXPECT_EQ(copy_.facts.note, request.facts.note);
  EXPECT_EQ(copy_.facts.read_at, request.facts.read_at);
  EXPECT_EQ(copy_.facts.rows, 4u);
  EXPECT_FALSE(store_->TakeStored("t").has_value());
  EXPECT_FALSE(store_->TakeStored("other").has_value());
}

TEST_F(CopyFileTest, ManyDatasetsShareAFile) {
  OpenFile();
  for (const char* name : {"a", "s.b", "it's"})
    Serve("SELECT '" + std::to_string(made_) + "' AS id", Request(name));
  EXPECT_EQ(database_->FileCopies(Path())->get(), store_.get());
  Reopen();
  for (const char* name : {"A", "s.b", "it's"}) {
    auto stored = store_->TakeStored(name);
    ASSERT_TRUE(stored.has_value()) << name;
    EXPECT_EQ(store_->Evaluate(*stored, "count(*)")->ToString(), "1");
  }
}

// The names of datasets are the same in any case.
TEST_F(CopyFileTest, ADatasetHasOneCopyHoweverItIsWritten) {
  OpenFile();
  Serve("SELECT 1 AS id", Request("T"));
  Serve("SELECT 2 AS id", Request("t"));
  Reopen();
  Take();
  EXPECT_EQ(Served(), "id\n2");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name LIKE 'copy%'"), "n\n1");
}

TEST_F(CopyFileTest, WhatIsNotPublishedIsGoneAndItsRoomIsUsedAgain) {
  const std::string large = "SELECT i AS id, hash(i)::VARCHAR AS text FROM range(50000) r(i)";
  OpenFile();
  Serve(large);
  const auto size = fs::file_size(Path());
  for (int i = 0; i < 4; ++i) {
    {
      auto copy = store_->Create(Source("SELECT -1 AS id, text FROM (" + large + ")"), Request());
      ASSERT_TRUE(copy.has_value());
    }
    Reopen();
    Take();
    EXPECT_EQ(Run("SELECT count(*) AS n FROM t WHERE id >= 0"), "n\n50000");
    EXPECT_EQ(Run("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name LIKE 'copy%'"),
              "n\n1");
  }
  EXPECT_LT(fs::file_size(Path()), 3 * size);
}

TEST_F(CopyFileTest, DoesNotGrowWithRefreshes) {
  OpenFile();
  const auto source = Source("SELECT i AS id, hash(i)::VARCHAR AS text FROM range(20000) r(i)");
  uint64_t first = 0;
  for (int i = 0; i < 30; ++i) {
    auto copy = store_->Create(source, Request());
    ASSERT_TRUE(copy.has_value());
    Publish(*std::move(copy));
    const auto size = fs::file_size(Path());
    if (i == 0) first = size;
    ASSERT_LT(size, 4 * first) << i;
    std::error_code none;
    const auto log = fs::file_size(Path() + ".wal", none);
    ASSERT_TRUE(none || log < first) << log;
  }
  for (int i = 0; i < 30; ++i) {
    auto request = Request();
    request.keys = {{{"id"}, KeyConflict::kUpsert, ""}};
    auto copy = store_->Append(copy_, source, request);
    ASSERT_TRUE(copy.has_value()) << copy.error().message;
    Register(*std::move(copy));
    ASSERT_LT(fs::file_size(Path()), 6 * first) << i;
  }
  EXPECT_EQ(copy_.facts.rows, 20'000u);
}

TEST_F(CopyFileTest, DeletedRowsStayDeleted) {
  OpenFile();
  Serve("SELECT i AS id FROM range(10) r(i)");
  auto changed = store_->Delete(copy_, "id > 2", {});
  ASSERT_TRUE(changed.has_value());
  changed = {};
  Reopen();
  Take();
  EXPECT_EQ(Served(), "id\n0\n1\n2");
  EXPECT_EQ(copy_.facts.rows, 3u);
}

TEST_F(CopyFileTest, AppendedRowsAndColumnsStay) {
  OpenFile();
  Serve("SELECT 1 AS id");
  for (const char* more : {"SELECT 2 AS id", "SELECT 3 AS id, 'x' AS name"}) {
    auto appended = store_->Append(copy_, Source(more), Request());
    ASSERT_TRUE(appended.has_value()) << appended.error().message;
    Register(*std::move(appended));
  }
  Reopen();
  Take();
  EXPECT_EQ(Served(), "id | name\n1 | NULL\n2 | NULL\n3 | x");
}

TEST_F(CopyFileTest, MakesItsFolder) {
  const auto path = (folder_ / "a b" / "it's \"q\"" / "f;--.db").string();
  OpenFile(path);
  Serve("SELECT 1 AS id");
  Close();
  Open();
  OpenFile(path);
  Take();
  EXPECT_EQ(Served(), "id\n1");
}

TEST_F(CopyFileTest, TakesNoNoticeOfTheLogOfAFileThatIsGone) {
  std::ofstream(Path() + ".wal") << "stale";
  std::ofstream(Path() + ".new") << "half";
  std::ofstream(Path() + ".new.wal") << "half";
  OpenFile();
  Serve("SELECT 1 AS id");
  Reopen();
  Take();
  EXPECT_EQ(Served(), "id\n1");
}

TEST_F(CopyFileTest, SaysWhatIsNoCopyFile) {
  const auto path = Path();
  fs::create_directory(path);
  EXPECT_EQ(Opened(path),
            "invalid_argument: '" + path + "' is not a file; name another duckdb_file");
  fs::remove(path);
  std::ofstream(path).flush();
  EXPECT_EQ(Opened(path), "data_corrupt: '" + path + "' is empty; move '" + path +
                              "' away, or name another duckdb_file, and the copies are loaded from "
                              "their sources");
  std::ofstream(path) << "id,name\n1,a\n";
  EXPECT_EQ(Opened(path).substr(0, 16), "invalid_argument");
  std::ofstream(folder_ / "plain") << "x";
  EXPECT_EQ(Opened((folder_ / "plain" / "sub" / "f.db").string()).substr(0, 16),
            "invalid_argument");
  EXPECT_EQ(Run("SELECT 1 AS a"), "a\n1");
  fs::remove(path);
  EXPECT_EQ(Opened(path), "ok");
}

TEST_F(CopyFileTest, LeavesTheDatabasesOfOthersAlone) {
  int number = 0;
  for (const std::vector<std::string>& statements : std::vector<std::vector<std::string>>{
           {"CREATE TABLE theirs AS SELECT 42 AS a"},
           {"CREATE VIEW theirs AS SELECT 42 AS a"},
           {"CREATE SEQUENCE theirs"},
           {"CREATE MACRO theirs(a) AS a + 1"},
           {"CREATE TYPE theirs AS ENUM ('a')"},
           {"CREATE SCHEMA theirs"},
           {"CREATE SCHEMA sumac", "CREATE TABLE sumac.copies (a INTEGER)"},
           {"CREATE SCHEMA sumac", "CREATE TABLE sumac.copies (format INTEGER)"}}) {
    const auto path = (folder_ / ("theirs_" + std::to_string(++number))).string();
    ByOthers(path, statements);
    const auto before = Contents(path);
    const auto outcome = Opened(path);
    EXPECT_EQ(outcome.substr(0, 12), "unsupported:") << statements.back() << outcome;
    EXPECT_NE(outcome.find(path), std::string::npos);
    EXPECT_TRUE(Contents(path) == before) << statements.back();
    EXPECT_FALSE(fs::exists(path + ".wal"));
  }
}

TEST_F(CopyFileTest, AFileOfANewerVersionIsLeftAlone) {
  OpenFile();
  Serve("SELECT 1 AS id");
  Close();
  ByOthers(Path(), {"ALTER TABLE sumac.copies ADD COLUMN later INTEGER",
                    "UPDATE sumac.copies SET format = 2"});
  Open();
  EXPECT_EQ(Opened(Path()).substr(0, 12), "unsupported:");
  EXPECT_NE(Opened(Path()).find("newer version of Sumac"), std::string::npos);
  EXPECT_EQ(Run("SELECT 1 AS a"), "a\n1");
}

TEST_F(CopyFileTest, AManifestThatIsNotTrueIsAnError) {
  for (const char* statement :
       {"UPDATE sumac.copies SET table_name = 'gone'",
        "UPDATE sumac.copies SET item_kept = true, "
        "item_name = '_item', overflow_name = '_overflow'",
        "UPDATE sumac.copies SET misfit_columns = NULL, item_name = 'x'",
        "UPDATE sumac.copies SET format = NULL, \"rows\" = NULL, read_at = NULL, dataset = NULL",
        "ALTER TABLE sumac.copies DROP COLUMN advice"}) {
    fs::remove(Path());
    OpenFile();
    Serve("SELECT 1 AS id");
    Close();
    ByOthers(Path(), {statement});
    Open();
    const auto outcome = Opened(Path());
    if (outcome != "ok") {
      EXPECT_NE(outcome.find(Path()), std::string::npos) << outcome;
    }
    EXPECT_EQ(Run("SELECT 1 AS a"), "a\n1");
    Close();
    Open();
  }
}

TEST_F(CopyFileTest, NamesTheProcessThatHasTheFile) {
  OpenFile();
  Serve("SELECT 1 AS id");
  Close();
  int ready[2];
  int end[2];
  ASSERT_EQ(pipe(ready) + pipe(end), 0);
  const pid_t child = fork();
  if (child == 0) {
    char c = 'r';
    {
      duckdb::DuckDB database(Path());
      if (write(ready[1], &c, 1) != 1 || read(end[0], &c, 1) != 1) _exit(1);
    }
    _exit(0);
  }
  char c = 0;
  ASSERT_EQ(read(ready[0], &c, 1), 1);
  Open();
  const auto held = database_->FileCopies(Path());
  EXPECT_EQ(Outcome(held), "unavailable: '" + Path() + "' is in use by the process " +
                               std::to_string(child) + "; end that, or name another duckdb_file");
  EXPECT_TRUE(!held && held.error().retryable);
  ASSERT_EQ(write(end[1], &c, 1), 1);
  int status = 0;
  waitpid(child, &status, 0);
  OpenFile();
  Take();
  EXPECT_EQ(Served(), "id\n1");
  for (const int fd : {ready[0], ready[1], end[0], end[1]}) close(fd);
}

TEST_F(CopyFileTest, SaysWhatMayNotBeWritten) {
  OpenFile();
  Close();
  Open();
  chmod(Path().c_str(), 0444);
  if (access(Path().c_str(), W_OK) == 0) GTEST_SKIP() << "whoever runs this may do anything";
  EXPECT_EQ(Opened(Path()).substr(0, 17), "permission_denied");
  chmod(folder_.c_str(), 0555);
  EXPECT_EQ(Opened((folder_ / "new.db").string()).substr(0, 17), "permission_denied");
  EXPECT_EQ(Opened((folder_ / "new" / "new.db").string()).substr(0, 17), "permission_denied");
  chmod(folder_.c_str(), 0755);
}

}  // namespace
}  // namespace sumac::engine
