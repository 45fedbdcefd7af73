// A disk without room, and processes that end at any moment.
#include <csignal>
#include <iostream>
#include <random>

#include <sys/resource.h>
#include <sys/wait.h>

#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

namespace fs = std::filesystem;

// No file of this process may grow beyond `bytes` while this is there.
class LargestFile {
 public:
  explicit LargestFile(uint64_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~LargestFile() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  LargestFile(const LargestFile&) = delete;
  LargestFile& operator=(const LargestFile&) = delete;

 private:
  rlimit before_ = {};
  void (*const handler_)(int);
};

class CopyFaultsTest : public CopyFixture {
 protected:
  void SetUp() override {
    CopyFixture::SetUp();
    OpenFile();
    Serve("SELECT i AS id, hash(i)::VARCHAR AS text FROM range(1000) r(i)");
    large_ = Source("SELECT i AS id, hash(i)::VARCHAR AS text FROM range(1000, 300000) r(i)");
  }

  template <typename T>
  void ExpectNoRoom(const Result<T>& result) {
    EXPECT_EQ(Outcome(result).substr(0, 19), "resource_exhausted:") << Outcome(result);
    EXPECT_EQ(Run("SELECT count(*) AS n, sum(id) AS s FROM t"), "n | s\n1000 | 499500");
  }

  std::shared_ptr<TableSource> large_;
};

TEST_F(CopyFaultsTest, WithoutRoomTheOldCopyIsServedAndLaterItWorks) {
  const auto size = fs::file_size(Path());
  {
    const LargestFile limit(size);
    ExpectNoRoom(store_->Create(large_, Request()));
    ExpectNoRoom(store_->Append(copy_, large_, Request()));
    ExpectNoRoom(store_->Create(large_, Request()));
  }
  auto copy = store_->Create(large_, Request());
  ASSERT_TRUE(copy.has_value()) << copy.error().message;
  Publish(*std::move(copy));
  EXPECT_EQ(Run("SELECT count(*) AS n FROM t"), "n\n299000");
  Reopen();
  Take();
  EXPECT_EQ(Run("SELECT count(*) AS n FROM t"), "n\n299000");
}

// The log takes `room` bytes and no more.
TEST_F(CopyFaultsTest, ALogThatCannotBeWrittenIsNoneAtAll) {
  for (const uint64_t room : {0, 1, 40, 100, 300, 900, 2000, 3000, 4096, 5000, 8192, 12288}) {
    SCOPED_TRACE(room);
    const auto few = Source("SELECT 5000 + i AS id, 'few' AS text FROM range(50) r(i)");
    constexpr char kSums[] = "SELECT count(*), sum(id) FROM t";
    {
      std::error_code none;
      const auto log = fs::file_size(Path() + ".wal", none);
      const LargestFile limit((none ? 0 : log) + room);
      const auto check = [&](const auto& change) {
        const auto before = Run(kSums);
        const auto changed = change();
        if (changed) return;
        EXPECT_EQ(Outcome(changed).substr(0, 19), "resource_exhausted:") << Outcome(changed);
        EXPECT_EQ(Run(kSums), before);
      };
      check([&] { return store_->Append(copy_, few, Request()); });
      check([&] { return store_->Delete(copy_, "id < 500", {}); });
      check([&]() -> Status {
        auto copy = store_->Create(few, Request());
        return copy ? store_->Publish(*copy) : Fail(std::move(copy).error());
      });
    }
    Serve("SELECT i AS id, hash(i)::VARCHAR AS text FROM range(1000) r(i)");
    if (HasFailure()) return;
    if (room % 3 == 0) {
      Reopen();
      Take();
      EXPECT_EQ(Run("SELECT count(*) AS n, sum(id) AS s FROM t"), "n | s\n1000 | 499500");
    }
  }
}

TEST_F(CopyFaultsTest, AFileForWhichThereIsNoRoomIsNotMade) {
  const auto path = (folder_ / "sub" / "new.db").string();
  for (const uint64_t room : {0, 5000, 12288, 100000, 274431}) {
    {
      const LargestFile limit(room);
      const auto made = database_->FileCopies(path);
      EXPECT_EQ(Outcome(made).substr(0, 19), "resource_exhausted:") << room << Outcome(made);
    }
    EXPECT_FALSE(fs::exists(path));
    EXPECT_EQ(Run("SELECT 1 AS a"), "a\n1");
  }
  EXPECT_EQ(Outcome(database_->FileCopies(path)), "ok");
}

// Every state has rows whose sum is zero and whose number the note says.
class CopyKillTest : public CopyFixture {
 protected:
  // Changes the copy for ever.
  [[noreturn]] void ChangeOn(unsigned seed, int ready) {
    std::mt19937 random(seed);
    Open();
    auto opened = database_->FileCopies(Path());
    if (!opened) _exit(2);
    store_ = *std::move(opened);
    if (auto stored = store_->TakeStored("t")) copy_ = *std::move(stored);
    const auto all = Source("SELECT i AS id, repeat('x', 200) AS t FROM range(-5000, 5001) r(i)");
    const auto more = Source("SELECT unnest([1000000, -1000000])::BIGINT AS id, 'y' AS t");
    if (write(ready, "r", 1) != 1) _exit(5);
    while (true) {
      const auto choice = copy_.source ? random() % 4 : 0;
      auto changed = choice == 0   ? store_->Create(all, Request())
                     : choice == 1 ? store_->Delete(copy_, "abs(id) = 1000000", {})
                                   : store_->Append(copy_, choice == 2 ? more : all, Request());
      if (!changed) _exit(3);
      if (choice == 0 && !store_->Publish(*changed)) _exit(4);
      copy_ = *std::move(changed);
    }
  }
};

TEST_F(CopyKillTest, AProcessThatIsKilledLeavesAWholeCopy) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  Close();
  uint64_t served = 0;
  for (int round = 0; round < 24; ++round) {
    const unsigned child_seed = random();
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) ChangeOn(child_seed, ready[1]);
    close(ready[1]);
    // Some are killed while they open the file.
    char c = 0;
    if (round % 6 != 5) {
      ASSERT_EQ(read(ready[0], &c, 1), 1);
    }
    close(ready[0]);
    usleep(random() % 200'000);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << round << " ended with " << WEXITSTATUS(status);
    Open();
    OpenFile();
    ASSERT_NE(store_, nullptr) << round;
    if (auto stored = store_->TakeStored("t")) {
      ++served;
      const auto rows = std::to_string(stored->facts.rows);
      Register(*std::move(stored));
      EXPECT_EQ(Run("SELECT count(*), sum(id) FROM t"), "count_star() | sum(id)\n" + rows + " | 0");
    }
    Close();
    ASSERT_FALSE(HasFailure()) << round;
  }
  EXPECT_GT(served, 10u);
  EXPECT_LT(fs::file_size(Path()), uint64_t{40} << 20);
}

}  // namespace
}  // namespace sumac::engine
