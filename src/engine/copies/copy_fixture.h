// A database with a store of copies, in memory or in a file, for the tests of engine/copies.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/database_fixture.h"

namespace sumac::engine {

class CopyFixture : public DatabaseFixture {
 protected:
  void SetUp() override {
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '_');
    folder_ = std::filesystem::temp_directory_path() /
              ("sumac_copies_" + std::to_string(getpid()) + "_" + name);
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Open();
  }

  void TearDown() override {
    Close();
    std::filesystem::remove_all(folder_);
  }

  std::string Path() const { return (folder_ / "copies.db").string(); }

  void Close() {
    copy_ = {};
    store_.reset();
    session_.reset();
    database_.reset();
  }

  void OpenFile(const std::string& path) {
    auto store = database_->FileCopies(path);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    store_ = *std::move(store);
  }
  void OpenFile() { OpenFile(Path()); }

  // Ends the engine and opens the file with a new one.
  void Reopen() {
    Close();
    Open();
    OpenFile();
  }

  std::shared_ptr<TableSource> Source(const std::string& select) {
    return MakeSource("source_" + std::to_string(++made_), select);
  }

  static CopyRequest Request(const std::string& dataset = "t") {
    CopyRequest request;
    request.facts.dataset_name = dataset;
    return request;
  }

  // Makes copy_ of the rows and serves it.
  void Serve(const std::string& select, const CopyRequest& request = Request()) {
    ASSERT_NE(store_, nullptr);
    auto copy = store_->Create(Source(select), request);
    ASSERT_TRUE(copy.has_value()) << copy.error().message;
    Publish(*std::move(copy));
  }

  void Publish(Copy copy) {
    const auto published = store_->Publish(copy);
    ASSERT_TRUE(published.has_value()) << published.error().message;
    Register(std::move(copy));
  }

  void Register(Copy copy) {
    copy_ = std::move(copy);
    const auto registered = database_->RegisterTable(copy_.facts.dataset_name, copy_.source);
    ASSERT_TRUE(registered.has_value()) << registered.error().message;
  }

  void Take(const std::string& dataset = "t") {
    ASSERT_NE(store_, nullptr);
    auto stored = store_->TakeStored(dataset);
    ASSERT_TRUE(stored.has_value());
    Register(*std::move(stored));
  }

  // All rows of the dataset, with the line of names.
  std::string Served() { return Run("SELECT * FROM t ORDER BY ALL"); }

  // "ok", or "code: message".
  template <typename T>
  static std::string Outcome(const Result<T>& result) {
    if (result.has_value()) return "ok";
    return std::string(ErrorCodeName(result.error().code)) + ": " + result.error().message;
  }

  std::filesystem::path folder_;
  std::shared_ptr<CopyStore> store_;
  Copy copy_;
  int made_ = 0;
};

// With both kinds of store: the parameter is true for a file.
class EachStoreFixture : public CopyFixture, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    CopyFixture::SetUp();
    if (GetParam()) {
      OpenFile();
    } else {
      store_ = database_->MemoryCopies();
    }
  }
};

inline std::string StoreName(const testing::TestParamInfo<bool>& info) {
  return info.param ? "File" : "Memory";
}

}  // namespace sumac::engine
