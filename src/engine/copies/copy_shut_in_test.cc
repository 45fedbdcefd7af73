// Copies in a database that takes SQL from a network.
#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

class CopyShutInTest : public CopyFixture {
 protected:
  void SetUp() override {
    CopyFixture::SetUp();
    OpenFile();
    Serve("SELECT i AS id FROM range(3) r(i)");
    Close();
    Open(/*shut_in=*/true);
    OpenFile();
    Take();
  }
};

TEST_F(CopyShutInTest, CopiesAreMadeAndServed) {
  EXPECT_EQ(Served(), "id\n0\n1\n2");
  const auto source = copy_.source;
  auto request = Request();
  request.conditions = {"id > 0"};
  auto copy = store_->Create(source, request);
  ASSERT_TRUE(copy.has_value()) << copy.error().message;
  Publish(*std::move(copy));
  EXPECT_EQ(Served(), "id\n1\n2");
  auto appended = store_->Append(copy_, source, Request());
  ASSERT_TRUE(appended.has_value()) << appended.error().message;
  Register(*std::move(appended));
  EXPECT_EQ(Served(), "id\n0\n1\n2");
  auto changed = store_->Delete(copy_, "id = 2", {});
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  Register(*std::move(changed));
  EXPECT_EQ(Served(), "id\n0\n1");
  EXPECT_GT(store_->Bytes(copy_), 0u);
}

TEST_F(CopyShutInTest, NewFilesAreMade) {
  const auto made = database_->FileCopies((folder_ / "sub" / "other.db").string());
  ASSERT_TRUE(made.has_value()) << made.error().message;
  const auto copy = (*made)->Create(copy_.source, Request("other"));
  ASSERT_TRUE(copy.has_value()) << copy.error().message;
  EXPECT_TRUE((*made)->Publish(*copy).has_value());
}

TEST_F(CopyShutInTest, ASessionReachesNeitherTheFileNorItsTables) {
  const std::string file = "'" + Path() + "'";
  for (const std::string& sql : std::vector<std::string>{
           "ATTACH " + file + " AS mine", "COPY t TO " + file, "COPY t FROM " + file,
           "SELECT * FROM read_text(" + file + ")", "SELECT * FROM read_blob(" + file + ")",
           "SELECT * FROM " + file, "SELECT * FROM read_csv('" + Path() + ".wal')",
           "SELECT * FROM glob('" + folder_.string() + "/*')",
           "INSERT INTO sumac_copies_1.sumac.copy_1 VALUES (9)",
           "DELETE FROM sumac_copies_1.sumac.copies", "DROP TABLE sumac_copies_1.sumac.copies",
           "DROP TABLE sumac_copies_1.sumac.copy_1",
           "UPDATE sumac_copies_1.sumac.copies SET note = ''",
           "CREATE TABLE sumac_copies_1.sumac.mine (a INTEGER)", "DETACH sumac_copies_1",
           "CHECKPOINT sumac_copies_1", "USE sumac_copies_1",
           "EXPORT DATABASE '" + folder_.string() + "'", "SET allowed_paths = ['/']"}) {
    EXPECT_EQ(Run(sql).substr(0, 6), "error:") << sql;
  }
  EXPECT_EQ(Served(), "id\n0\n1\n2");
}

// A reader of theirs would hold up the store, which does not know of it.
TEST_F(CopyShutInTest, ASessionDoesNotReadTheTablesOfCopies) {
  for (const std::string& sql : std::vector<std::string>{
           "SELECT * FROM sumac_copies_1.sumac.copy_1", "SELECT * FROM sumac_copies_1.sumac.copies",
           "SELECT count(*) FROM sumac_copies_1.sumac.copy_1",
           "SELECT * FROM t WHERE id IN (SELECT id FROM sumac_copies_1.sumac.copy_1)",
           "EXPLAIN ANALYZE SELECT * FROM sumac_copies_1.sumac.copy_1"}) {
    EXPECT_EQ(Run(sql),
              "error: 'sumac_copies_1' is where Sumac keeps tables of its own; query the datasets "
              "instead, which SHOW TABLES lists")
        << sql;
  }
  EXPECT_EQ(Run("SELECT * FROM pragma_storage_info('sumac_copies_1.sumac.copy_1')"),
            "error: pragma_storage_info() is not for queries that are served");
  EXPECT_EQ(
      Run("SELECT count(*) AS n FROM t, duckdb_tables(), information_schema.tables").substr(0, 2),
      "n\n");
}

// Listed they are, and not read.
TEST_F(CopyShutInTest, WhatIsListed) {
  EXPECT_EQ(Run("SHOW TABLES"),
            "table_catalog | table_schema | table_name | table_type\nspice | public | t | BASE "
            "TABLE");
  EXPECT_EQ(Run("SELECT table_name FROM information_schema.tables ORDER BY 1"),
            "table_name\ncopies\ncopy_1\nt");
}

}  // namespace
}  // namespace sumac::engine
