#include "cli/statement_history.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

namespace sumac::cli {
namespace {

using testing::ElementsAre;

class StatementHistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "sumac_history_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = folder_ + "/history";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  std::string path_;
};

TEST_F(StatementHistoryTest, KeepsStatementsOnDisk) {
  {
    StatementHistory history(path_);
    history.Add("SELECT 'a\\b',\n  \u4e2d;");
    history.Add("SELECT 2;");
    history.Add("SELECT 'a\\b',\n  \u4e2d;");
  }
  StatementHistory history(path_);
  EXPECT_THAT(history.statements(), ElementsAre("SELECT 2;", "SELECT 'a\\b',\n  \u4e2d;"));
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  history.Clear();
  EXPECT_TRUE(StatementHistory(path_).statements().empty());
}

TEST_F(StatementHistoryTest, ReadsTheFilesOfLibedit) {
  std::ofstream(path_) << "_HiStOrY_V2_\nSELECT\\0401;\nSELECT\\0122;\n";
  EXPECT_THAT(StatementHistory(path_).statements(), ElementsAre("SELECT 1;", "SELECT\n2;"));
  // As it writes control characters, and in the C locale what is not ASCII.
  std::ofstream(path_)
      << "_HiStOrY_V2_\n'a\\134b'\\^A\\^?\n\\M-C\\M-)\\M-d\\M-8\\M--\\M-p\\M^_\\M^X\\M^@\n"
      << "\\\\x\\\n";
  EXPECT_THAT(StatementHistory(path_).statements(),
              ElementsAre("'a\\b'\x01\x7f", "\u00e9\u4e2d\U0001F600", "\\x\\"));
}

TEST_F(StatementHistoryTest, LeavesLinksAndDevicesAlone) {
  std::ofstream(folder_ + "/kept").close();
  std::filesystem::create_symlink("kept", path_);
  StatementHistory(path_).Add("SELECT 1;");
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_THAT(StatementHistory(folder_ + "/kept").statements(), ElementsAre("SELECT 1;"));
  StatementHistory("/dev/null").Add("SELECT 1;");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2);
}

TEST_F(StatementHistoryTest, KeepsWhatAnotherProcessWrote) {
  StatementHistory one(path_);
  StatementHistory other(path_);
  one.Add("SELECT 1;");
  other.Add("SELECT 2;");
  EXPECT_THAT(StatementHistory(path_).statements(), ElementsAre("SELECT 1;", "SELECT 2;"));
}

TEST_F(StatementHistoryTest, HasABound) {
  StatementHistory history("");
  for (int i = 0; i < 1'100; ++i) history.Add(std::to_string(i));
  EXPECT_EQ(history.statements().size(), 1'000u);
  EXPECT_EQ(history.statements().back(), "1099");
  history.Add(std::string(100'000, 'x'));
  EXPECT_EQ(history.statements().back(), "1099");
}

}  // namespace
}  // namespace sumac::cli
