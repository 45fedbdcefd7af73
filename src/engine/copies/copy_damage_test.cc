// Files that are cut short or have other bytes: an error or the right answer, and an engine that
// goes on.
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>

#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kHeaders = 3 * 4096;
constexpr uint64_t kBlock = 256 << 10;

class CopyDamageTest : public CopyFixture {
 protected:
  void SetUp() override {
    CopyFixture::SetUp();
    OpenFile();
    Serve(
        "SELECT i AS id, hash(i) || '-' || hash(-i) AS text, repeat('x', i % 10 * 100) AS long "
        "FROM range(8000) r(i)",
        Indexed());
    sums_ = Run(kSums);
    Serve("SELECT i AS id FROM range(100) r(i)", Request("other"));
    Close();
    std::ifstream file(Path(), std::ios::binary);
    sound_ = {std::istreambuf_iterator<char>(file), {}};
    Open();
    ASSERT_TRUE(database_->RegisterTable("bystander", Source("SELECT 42 AS a")).has_value());
    more_ = Source("SELECT 100000 + i AS id, 'm' AS text FROM range(10) r(i)");
  }

  static CopyRequest Indexed() {
    auto request = Request();
    request.indexes = {{{"id"}, true}, {{"text"}, false}};
    return request;
  }

  // Opens a file of these bytes and does all that is done with one. Returns whether it was opened.
  bool Use(const std::string& bytes) {
    const auto path = (folder_ / ("damaged_" + std::to_string(++files_) + ".db")).string();
    std::ofstream(path, std::ios::binary) << bytes;
    auto store = database_->FileCopies(path);
    if (!store) {
      EXPECT_NE(store.error().message.find(path), std::string::npos) << store.error().message;
      EXPECT_NE(store.error().code, ErrorCode::kInternal) << store.error().message;
    } else if (auto copy = (*store)->TakeStored("t")) {
      Change(**store, *std::move(copy));
    }
    EXPECT_EQ(Run("SELECT * FROM bystander"), "a\n42");
    fs::remove(path);
    fs::remove(path + ".wal");
    return store.has_value();
  }

  void Change(CopyStore& store, Copy copy) {
    ASSERT_TRUE(database_->RegisterTable("t", copy.source).has_value());
    const auto sums = Run(kSums);
    EXPECT_TRUE(sums == sums_ || sums.starts_with("error:")) << sums;
    const auto found = Run("SELECT id FROM t WHERE id = 1234");
    EXPECT_TRUE(found == "id\n1234" || found.starts_with("error:")) << found;
    static_cast<void>(store.Bytes(copy));
    static_cast<void>(store.Delete(copy, "id % 3 = 0", {}));
    static_cast<void>(store.Append(copy, more_, Request()));
    copy = {};
    // It is loaded again.
    auto loaded = store.Create(more_, Request());
    if (loaded && store.Publish(*loaded)) {
      ASSERT_TRUE(database_->RegisterTable("t", loaded->source).has_value());
      EXPECT_EQ(Run("SELECT count(*) AS n FROM t"), "n\n10");
    }
    ASSERT_TRUE(database_->RegisterTable("t", more_).has_value());
    loaded = {};
    store.DropUnused();
  }

  static constexpr char kSums[] = "SELECT sum(id), sum(hash(text)), sum(length(long)) FROM t";
  std::string sums_;
  std::string sound_;
  std::shared_ptr<TableSource> more_;
  int files_ = 0;
};

TEST_F(CopyDamageTest, TheSoundFileIsUsed) {
  ASSERT_TRUE(Use(sound_));
}

TEST_F(CopyDamageTest, AnIndexIsLookedAtBeforeItIsChanged) {
  // All but what opening the file reads and the rows: somewhere in it are the indexes.
  int damaged_indexes = 0;
  for (uint64_t block = kHeaders; block + kBlock <= sound_.size(); block += kBlock) {
    auto damaged = sound_;
    damaged[block + 1000] = static_cast<char>(damaged[block + 1000] ^ 1);
    const auto path = (folder_ / ("index_" + std::to_string(block) + ".db")).string();
    std::ofstream(path, std::ios::binary) << damaged;
    auto store = database_->FileCopies(path);
    if (!store) continue;
    auto copy = (*store)->TakeStored("t");
    if (!copy) continue;
    const auto deleted = (*store)->Delete(*copy, "false", {});
    if (deleted || deleted.error().message.find("an index of") == std::string::npos) continue;
    EXPECT_EQ(Outcome(deleted).substr(0, 12), "data_corrupt");
    EXPECT_EQ(Outcome((*store)->Append(*copy, more_, Request())).substr(0, 11), "unsupported");
    ++damaged_indexes;
  }
  EXPECT_GT(damaged_indexes, 0);
  EXPECT_EQ(Run("SELECT * FROM bystander"), "a\n42");
}

TEST_F(CopyDamageTest, CutShort) {
  std::vector<uint64_t> lengths = {1,    7,    8,    11,   12,           100,
                                   4095, 4096, 8191, 8192, kHeaders - 1, kHeaders};
  for (uint64_t at = kHeaders + kBlock; at < sound_.size() + kBlock; at += kBlock) {
    lengths.push_back(std::min<uint64_t>(at, sound_.size()) - 1);
  }
  for (const auto length : lengths) EXPECT_FALSE(Use(sound_.substr(0, length))) << length;
}

TEST_F(CopyDamageTest, OtherBytes) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  std::vector<uint64_t> places;
  for (uint64_t at = 0; at < kHeaders; at += 1024) places.push_back(at + random() % 64);
  for (uint64_t at = 0; at < 96; at += 4) {
    places.push_back(at % 48 + 4096 * (1 + at / 48));
  };
  for (uint64_t block = kHeaders; block + kBlock <= sound_.size(); block += kBlock) {
    for (const uint64_t at : {uint64_t{3}, random() % 4096, random() % kBlock}) {
      places.push_back(block + at);
    }
  }
  for (const auto place : places) {
    auto damaged = sound_;
    damaged[place] = static_cast<char>(damaged[place] ^ (1 << (random() % 8)));
    SCOPED_TRACE("byte " + std::to_string(place) + " of " + std::to_string(sound_.size()));
    Use(damaged);
    if (HasFailure()) return;
  }
}

TEST_F(CopyDamageTest, ACheckpointThatFailsIsNotTheEndOfTheEngine) {
  OpenFile();
  Take();
  const auto before = Served();
  ASSERT_EQ(Run("SET GLOBAL debug_checkpoint_abort = 'before_header'").substr(0, 6), "Succes");
  const auto changed = store_->Delete(copy_, "id >= 100", {});
  EXPECT_EQ(Outcome(changed), "ok");
  Run("SET GLOBAL debug_checkpoint_abort = 'none'");
  EXPECT_EQ(Run("SELECT * FROM bystander"), "a\n42");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM t"), "n\n100");
  EXPECT_EQ(Outcome(store_->Delete(copy_, "id >= 10", {})).substr(0, 8), "internal");
  EXPECT_EQ(Run("SELECT * FROM bystander"), "a\n42");
  Reopen();
  Take();
  EXPECT_EQ(Run("SELECT count(*) AS n FROM t"), "n\n100");
  EXPECT_EQ(Outcome(store_->Delete(copy_, "id >= 10", {})), "ok");
}

}  // namespace
}  // namespace sumac::engine
