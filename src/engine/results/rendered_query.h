// For tests: what a query on a plain DuckDB looks like in a format.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <duckdb.hpp>
#include <gtest/gtest.h>

#include "engine/results/result_writer.h"

namespace sumac::engine {

// One for the process: opening one takes longer than a query.
inline duckdb::DuckDB& TestDatabase() {
  static duckdb::DuckDB database(nullptr);
  return database;
}

struct Rendered {
  std::string text;
  uint64_t rows_total = 0;
  uint64_t rows_shown = 0;
};

inline Rendered RenderQuery(const std::string& sql, ResultFormat format,
                            ResultWriterOptions options = {}) {
  duckdb::Connection connection(TestDatabase());
  auto result = connection.SendQuery(sql);
  Rendered rendered;
  if (result->HasError()) {
    ADD_FAILURE() << sql << ": " << result->GetError();
    return rendered;
  }
  std::vector<ResultColumn> columns;
  for (size_t i = 0; i < result->names.size(); ++i) {
    columns.push_back({result->names[i], result->types[i]});
  }
  auto writer = MakeResultWriter(format, std::move(options), rendered.text);
  EXPECT_TRUE(writer->Begin(columns).has_value());
  while (auto chunk = result->Fetch()) {
    if (chunk->size() == 0) break;
    const Status written = writer->Write(*chunk);
    EXPECT_TRUE(written.has_value()) << written.error().message;
  }
  EXPECT_TRUE(writer->End().has_value());
  rendered.rows_total = writer->rows_total();
  rendered.rows_shown = writer->rows_shown();
  return rendered;
}

// The type of the one column that `expression` makes.
inline duckdb::LogicalType TypeOf(const std::string& expression) {
  duckdb::Connection connection(TestDatabase());
  auto result = connection.Query("SELECT " + expression + " AS v");
  if (result->HasError()) {
    ADD_FAILURE() << expression << ": " << result->GetError();
    return duckdb::LogicalType::SQLNULL;
  }
  return result->types[0];
}

}  // namespace sumac::engine
