#include "aws/secret_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/percent_encoding.h"

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SecretFileTest : public testing::Test {
 protected:
  SecretFileTest()
      : folder_(fs::path(testing::TempDir()) / ("secret-file-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~SecretFileTest() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ / name; }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  size_t FilesInFolder() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  const fs::path folder_;
};

TEST_F(SecretFileTest, ReadsTextWithoutTheWhiteSpaceAtItsEnd) {
  struct Case {
    std::string written;
    std::string read;
  };
  for (const auto& [written, read] :
       {Case{"token", "token"}, Case{"token\n", "token"}, Case{"token \t\r\n\n", "token"},
        Case{" a\nb \n", " a\nb"}, Case{"", ""}, Case{"\n \n", ""},
        Case{std::string("a\0b\n", 4), std::string("a\0b", 3)}}) {
    const auto text = ReadSecretFile(Write("token", written));
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(text->Reveal(), read);
  }
}

TEST_F(SecretFileTest, IsBounded) {
  const std::string full((1 << 20) - 1, 'x');
  EXPECT_EQ(ReadSecretFile(Write("full", full + "x"))->Reveal().size(), size_t{1} << 20);
  // White space counts too.
  const auto text = ReadSecretFile(Write("long", full + " \n"));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(text.error().message, HasSubstr("longer than 1 MiB"));
}

TEST_F(SecretFileTest, SaysWhyItCannotBeRead) {
  ASSERT_EQ(mkfifo(Path("fifo").c_str(), 0600), 0);
  fs::create_symlink("loop", Path("loop"));
  struct Case {
    std::string path;
    ErrorCode code;
    std::string message;
  };
  const Case cases[] = {
      {Path("gone"), ErrorCode::kNotFound, "there is no file "},
      {Write("file", "x") + "/below", ErrorCode::kNotFound, "there is no file "},
      {"", ErrorCode::kNotFound, "there is no file "},
      {folder_, ErrorCode::kUnauthenticated, "it is no file"},
      // Nobody writes to it: an open that waits would wait for ever.
      {Path("fifo"), ErrorCode::kUnauthenticated, "it is no file"},
      {"/dev/zero", ErrorCode::kUnauthenticated, "it is no file"},
      {Path("loop"), ErrorCode::kUnauthenticated, "symbolic links"},
  };
  for (const auto& [path, code, message] : cases) {
    const auto text = ReadSecretFile(path);
    ASSERT_FALSE(text) << path;
    EXPECT_EQ(text.error().code, code) << path;
    EXPECT_THAT(text.error().message, HasSubstr(message));
    EXPECT_THAT(text.error().message, HasSubstr(path));
    const auto required = ReadRequiredSecretFile(path);
    ASSERT_FALSE(required) << path;
    EXPECT_EQ(required.error().code, ErrorCode::kUnauthenticated) << path;
    EXPECT_EQ(required.error().message, text.error().message);
  }
}

TEST_F(SecretFileTest, IsReplacedForItsOwnerAlone) {
  const auto old_mask = umask(0);
  for (const int mode : {0644, 0666, 0400}) {
    const auto path = Write("token", "old and longer");
    chmod(path.c_str(), static_cast<mode_t>(mode));
    // Who has the old one open goes on reading the old one.
    std::ifstream old_file(path);
    ASSERT_TRUE(WriteSecretFile(path, SecretString("new\n")));
    std::stringstream old_text;
    old_text << old_file.rdbuf();
    EXPECT_EQ(old_text.str(), "old and longer");
    EXPECT_EQ(ReadSecretFile(path)->Reveal(), "new");
    struct stat status {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u);
    EXPECT_EQ(FilesInFolder(), 1u);
    fs::remove(path);
  }
  umask(old_mask);
}

TEST_F(SecretFileTest, LeavesNothingBehindWhenItCannotBeWritten) {
  EXPECT_FALSE(WriteSecretFile(Path("no/folder"), SecretString("hunter2")));
  fs::create_directories(folder_ / "folder" / "full");
  const auto written = WriteSecretFile(Path("folder"), SecretString("hunter2"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(written.error().message, HasSubstr(Path("folder")));
  EXPECT_EQ(FilesInFolder(), 1u);
}

TEST(PercentEncodingTest, KeepsOnlyWhatIsUnreserved) {
  EXPECT_EQ(PercentEncode(""), "");
  EXPECT_EQ(PercentEncode("AZaz09-_.~"), "AZaz09-_.~");
  EXPECT_EQ(
      PercentEncode(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}"),
      "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D");
  EXPECT_EQ(PercentEncode("a/b c", true), "a/b%20c");
  EXPECT_EQ(PercentEncode("\xc3\xbc\xff\n"), "%C3%BC%FF%0A");
  EXPECT_EQ(PercentEncode(std::string_view("\0", 1)), "%00");
}

}  // namespace
}  // namespace sumac::aws
