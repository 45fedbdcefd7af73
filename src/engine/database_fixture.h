// A database over plain DuckDB tables, for the tests of engine/.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "engine/database.h"
#include "engine/local_table.h"

namespace sumac::engine {

class DatabaseFixture : public testing::Test {
 protected:
  void Open(bool shut_in = false) {
    DatabaseOptions options;
    options.threads = 2;
    options.shut_in = shut_in;
    auto opened = Database::Open(options);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    database_ = std::move(*opened);
    session_ = database_->Connect();
  }

  void SetUp() override { Open(); }

  // Makes memory.main.<table> from a query and registers it as dataset `name`.
  std::shared_ptr<TableSource> MakeSource(const std::string& table, const std::string& select) {
    EXPECT_EQ(Run("CREATE TABLE memory.main." + table + " AS " + select).substr(0, 5), "Count");
    auto stream = session_->Execute("SELECT * FROM memory.main." + table + " LIMIT 0");
    EXPECT_TRUE(stream.has_value());
    // A result that is not read to its end is a reader of the table.
    EXPECT_EQ((*stream)->Next()->get(), nullptr);
    return MakeLocalTableSource("memory", "main", std::make_shared<const std::string>(table),
                                (*stream)->Columns(), 0);
  }

  void MakeUsers() {
    auto source = MakeSource("source_users",
                             "SELECT i AS id, 'u' || i AS name, {'city': 'c' || (i % 2), 'zip': i} "
                             "AS home, [i, i + 1] AS numbers FROM range(3) t(i)");
    ASSERT_TRUE(database_->RegisterTable("users", source).has_value());
  }

  // A copy in memory, as a source.
  Result<std::shared_ptr<TableSource>> Copied(std::shared_ptr<TableSource> source,
                                              std::vector<std::string>* warnings = nullptr) {
    CopyRequest request;
    request.facts.dataset_name = "copied";
    auto copy = database_->MemoryCopies()->Create(std::move(source), request);
    if (!copy) return Fail(std::move(copy).error());
    if (warnings != nullptr) *warnings = copy->warnings;
    return std::move(copy->source);
  }

  // The result as text: a line of names, then the rows, values joined by " | "; or "error: ...".
  std::string Run(const std::string& sql, QueryParameters parameters = {}) {
    auto stream = session_->Execute(sql, std::move(parameters));
    if (!stream) return "error: " + stream.error().message;
    std::string text;
    for (const auto& column : (*stream)->Columns()) {
      text += (text.empty() ? "" : " | ") + column.name;
    }
    while (true) {
      auto chunk = (*stream)->Next();
      if (!chunk) return "error: " + chunk.error().message;
      if (!*chunk) return text;
      for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
        text += "\n";
        for (duckdb::idx_t i = 0; i < (*chunk)->ColumnCount(); ++i) {
          text += (i > 0 ? " | " : "") + (*chunk)->GetValue(i, row).ToString();
        }
      }
    }
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

}  // namespace sumac::engine
