// For tests of connectors that read files: a folder that goes with the test, data made by DuckDB
// itself, and a runtime over a Spicepod in that folder.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <duckdb.hpp>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "datasets/runtime.h"

namespace sumac::datasets {

class LocalFixture : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "sumac_local_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }

  void TearDown() override {
    session_.reset();
    runtime_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  void Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    std::ofstream(Path(name)) << text;
  }

  // Runs statements in a DuckDB of its own; `name` is its file, or none.
  void Make(const std::string& statements, const std::string& name = "") const {
    duckdb::DuckDB database(name.empty() ? std::string() : Path(name));
    duckdb::Connection connection(database);
    const auto result = connection.Query(statements);
    ASSERT_FALSE(result->HasError()) << result->GetError();
  }

  // `datasets` and `views` are the lines of the lists.
  void Load(const std::string& datasets, bool shut_in = false, const std::string& views = "") {
    auto loaded = spicepod::ParseSpicepod(
        "version: v1\nkind: Spicepod\nname: test\nviews:\n" + views + "datasets:\n" + datasets,
        "spicepod.yaml", folder_);
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
    RuntimeOptions options;
    options.database.threads = 2;
    options.database.shut_in = shut_in;
    options.environment = {{"SECRET", "fake/secret+key"}};
    session_.reset();
    auto runtime = Runtime::Create(std::move(loaded->pod), options);
    ASSERT_TRUE(runtime.has_value()) << runtime.error().message;
    runtime_ = std::move(*runtime);
    runtime_->Load();
  }

  static std::string Dataset(const std::string& from, const std::string& name,
                             const std::string& params = "", const std::string& more = "") {
    return "  - from: " + from + "\n    name: " + name + "\n" +
           (params.empty() ? "" : "    params:\n") + params + more;
  }

  // The rows, one a line, or "error: ..." with its message.
  std::string All(const std::string& sql) {
    session_ = runtime_->Connect();
    auto stream = session_->Execute(sql);
    if (!stream) return "error: " + stream.error().message;
    std::string rows;
    while (true) {
      auto chunk = (*stream)->Next();
      if (!chunk) return "error: " + chunk.error().message;
      if (!*chunk) return rows;
      for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
        rows += rows.empty() ? "" : "\n";
        for (duckdb::idx_t i = 0; i < (*chunk)->ColumnCount(); ++i) {
          rows += (i > 0 ? " | " : "") + (*chunk)->GetValue(i, row).ToString();
        }
      }
    }
  }

  // The columns with their types.
  std::string Types(const std::string& table) {
    return All(
        "SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index) "
        "FROM duckdb_columns() WHERE table_name = '" +
        table + "'");
  }

  // Why the dataset failed; empty when it serves.
  std::string Failure(const std::string& name) const {
    for (const auto& dataset : runtime_->Datasets()) {
      if (dataset.name == name) return dataset.error ? dataset.error->message : "";
    }
    return "no such dataset";
  }

  std::string folder_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<engine::Session> session_;
};

}  // namespace sumac::datasets
