#include "aws/credentials/bounded_process.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "aws/credentials/process_credentials_provider.h"

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const Environment kEnvironment = {{"PATH", "/usr/bin:/bin"}, {"COLOUR", "sumac red"}};

// Only for what has to reach its bound; everything else ends long before.
constexpr int kShortMs = 300;

Result<ProcessResult> RunWords(const std::vector<std::string>& words, ProcessBounds bounds = {},
                               const std::atomic<bool>* cancelled = nullptr) {
  return RunBounded(words, kEnvironment, bounds, cancelled);
}

Result<ProcessResult> Shell(const std::string& script, ProcessBounds bounds = {},
                            const std::atomic<bool>* cancelled = nullptr) {
  return RunWords({"/bin/sh", "-c", script}, bounds, cancelled);
}

TEST(BoundedProcessTest, TakesOutputComplaintAndExitCode) {
  struct Case {
    std::string script;
    std::string output;
    int exit_code;
    std::string complaint;
  };
  const Case cases[] = {
      {"true", "", 0, ""},
      {"printf 'a b\\n'", "a b\n", 0, ""},
      {"echo out; echo err >&2; exit 3", "out\n", 3, "err"},
      {"exit 255", "", 255, ""},
      {"kill -9 $$", "", 128 + 9, ""},
      {"kill -15 $$", "", 128 + 15, ""},
      {"printf 'one\\ntwo\\n' >&2", "", 0, "one"},
      // The complaint goes to a terminal.
      {"printf 'a\\033[2Jb\\n' >&2", "", 0, "a\\x1b[2Jb"},
      // Standard input is at its end.
      {"cat; echo end", "end\n", 0, ""},
      {"read -r line || echo none", "none\n", 0, ""},
      // The environment is the one that was given, and no other.
      {"echo $COLOUR; echo $HOME$USER", "sumac red\n\n", 0, ""},
      // Closing its output is not its end.
      {"exec >&-; exec 2>&-; sleep 0.1; exit 5", "", 5, ""},
      {"printf 'a\\0b'", std::string("a\0b", 3), 0, ""},
  };
  for (const auto& [script, output, exit_code, complaint] : cases) {
    const auto result = Shell(script);
    ASSERT_TRUE(result) << script << result.error().message;
    EXPECT_EQ(result->output.Reveal(), output) << script;
    EXPECT_EQ(result->exit_code, exit_code) << script;
    EXPECT_EQ(result->complaint, complaint) << script;
  }
}

TEST(BoundedProcessTest, FindsTheProgramInThePathItIsGiven) {
  EXPECT_EQ(RunWords({"printf", "%s,", "a", "b c", ""})->output.Reveal(), "a,b c,,");
  EXPECT_TRUE(RunBounded({"true"}, {}, {}, nullptr));
  EXPECT_FALSE(RunBounded({"true"}, {{"PATH", "/nowhere"}}, {}, nullptr));
  EXPECT_TRUE(RunBounded({"true"}, {{"PATH", ":/nowhere::/bin"}}, {}, nullptr));
}

TEST(BoundedProcessTest, SaysWhyAProgramCannotBeStarted) {
  const auto file = fs::path(testing::TempDir()) / ("no-program-" + std::to_string(getpid()));
  std::ofstream(file) << "text";
  for (const std::string& name :
       {std::string("/nowhere/at-all"), std::string("no-such-program-here"), std::string("/tmp"),
        std::string(""), file.string()}) {
    const auto result = RunWords({name});
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().code, ErrorCode::kUnauthenticated) << name;
    EXPECT_THAT(result.error().message, StartsWith("it cannot be started: ")) << name;
  }
  fs::remove(file);
}

TEST(BoundedProcessTest, BoundsTheOutput) {
  ProcessBounds bounds;
  bounds.output_bytes_max = 10'000;
  const auto full = Shell("head -c 10000 /dev/zero", bounds);
  ASSERT_TRUE(full) << full.error().message;
  EXPECT_EQ(full->output.Reveal().size(), 10'000u);
  for (const char* script : {"head -c 10001 /dev/zero", "yes", "yes & wait"}) {
    const auto result = Shell(script, bounds);
    ASSERT_FALSE(result) << script;
    EXPECT_EQ(result.error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(result.error().message, "it wrote more than 10000 bytes");
  }
  // A complaint without end is only cut.
  const auto loud = Shell("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo out");
  ASSERT_TRUE(loud);
  EXPECT_EQ(loud->output.Reveal(), "out\n");
  EXPECT_THAT(loud->complaint, AllOf(SizeIs(Ge(200u)), SizeIs(Le(310u))));
}

TEST(BoundedProcessTest, BoundsTheTime) {
  ProcessBounds bounds;
  bounds.timeout_ms = kShortMs;
  for (const char* script : {"sleep 60", "sleep 60 & wait", "trap '' TERM INT HUP; sleep 60",
                             "exec >&- 2>&-; sleep 60"}) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = Shell(script, bounds);
    ASSERT_FALSE(result) << script;
    EXPECT_EQ(result.error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(result.error().message, "it did not end within 300 ms");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30)) << script;
  }
}

TEST(BoundedProcessTest, MayBeCancelled) {
  const std::atomic<bool> already = true;
  const auto never = Shell("sleep 60", {}, &already);
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, ErrorCode::kCancelled);

  std::atomic<bool> cancelled = false;
  const auto mark = fs::path(testing::TempDir()) / ("started-" + std::to_string(getpid()));
  std::thread canceller([&] {
    while (!fs::exists(mark)) std::this_thread::yield();
    cancelled = true;
  });
  const auto result = Shell("touch " + mark.string() + "; sleep 60", {}, &cancelled);
  canceller.join();
  fs::remove(mark);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
}

// A helper daemon that the program leaves behind does not hold us up, and lives on.
TEST(BoundedProcessTest, WhatItLeavesRunningIsNotWaitedFor) {
  const auto result = Shell("sleep 60 & echo $!");
  ASSERT_TRUE(result) << result.error().message;
  const int left = std::stoi(result->output.Reveal());
  EXPECT_EQ(kill(left, 0), 0);
  kill(left, SIGKILL);
}

// Whether the process has ended; one that nobody waits for yet counts as ended.
bool HasEnded(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string number;
  std::string name;
  std::string state;
  return !(file >> number >> name >> state) || state == "Z" || state == "X";
}

// One that keeps on writing does, until a bound is reached; then it goes too.
TEST(BoundedProcessTest, WhatItLeavesWritingEndsAtTheBound) {
  const auto mark = fs::path(testing::TempDir()) / ("left-" + std::to_string(getpid()));
  ProcessBounds bounds;
  bounds.timeout_ms = kShortMs;
  // The shell ends, what it began complains every few milliseconds and takes no offence at SIGPIPE.
  const auto result =
      Shell("(trap '' PIPE; while true; do echo x >&2; sleep 0.005; done) & echo $! > " +
                mark.string() + "; sleep 0.05 & echo begun",
            bounds);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "it did not end within 300 ms");
  int left = 0;
  std::ifstream(mark) >> left;
  fs::remove(mark);
  ASSERT_GT(left, 0);
  for (int i = 0; i < 1'000'000 && !HasEnded(left); ++i) std::this_thread::yield();
  EXPECT_TRUE(HasEnded(left));
  if (!HasEnded(left)) kill(left, SIGKILL);
}

// A parent may have told the kernel not to keep exit codes for it, and that is inherited.
TEST(BoundedProcessTest, WorksWithoutExitCodes) {
  const auto before = std::signal(SIGCHLD, SIG_IGN);
  ProcessBounds bounds;
  bounds.timeout_ms = 10'000;
  const auto result = Shell("echo out", bounds);
  std::signal(SIGCHLD, before);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->output.Reveal(), "out\n");
}

TEST(BoundedProcessTest, LeavesNoDescriptorAndNoChild) {
  const auto count = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  const auto before = count();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(Shell("echo out; echo err >&2"));
    ASSERT_FALSE(RunWords({"/nowhere"}));
  }
  EXPECT_EQ(count(), before);
}

TEST(BoundedProcessTest, ManyAtOnce) {
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 10; ++j) {
        const auto result = Shell("echo " + std::to_string(i) + "; exit " + std::to_string(j));
        good +=
            result && result->output.Reveal() == std::to_string(i) + "\n" && result->exit_code == j;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 40);
}

Result<Credentials> Credentialled(const std::string& command, ProcessBounds bounds = {}) {
  return ProcessCredentialsProvider(SecretString(command), kEnvironment, bounds).GetCredentials({});
}

TEST(ProcessCredentialsTest, ReadsWhatTheProgramPrints) {
  const auto credentials = Credentialled(
      R"(printf '{"Version": 1, "AccessKeyId": "ASIA", "SecretAccessKey": "s/+=",)"
      R"( "SessionToken": "t", "Expiration": "2026-11-24T18:49:44Z", "AccountId": "111122223333"}')");
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, "ASIA");
  EXPECT_EQ(credentials->secret_access_key.Reveal(), "s/+=");
  EXPECT_EQ(credentials->session_token.Reveal(), "t");
  EXPECT_EQ(credentials->expires_at, WallTime(std::chrono::seconds(1'795'546'184)));
  EXPECT_EQ(credentials->account_id, "111122223333");
  EXPECT_EQ(credentials->source, "credential_process (printf)");
}

TEST(ProcessCredentialsTest, SaysWhatIsWrongAndShowsNoArgument) {
  struct Case {
    std::string command;
    ErrorCode code;
    std::string message;
  };
  const std::string document = R"("AccessKeyId": "hunter2", "SecretAccessKey": "hunter3"})";
  const Case cases[] = {
      {"printf '{\"Version\": 2, " + document + "'", ErrorCode::kDataCorrupt, "Version is not 1"},
      {"printf '{" + document + "'", ErrorCode::kDataCorrupt, "Version is not 1"},
      {"printf '{\"Version\": \"x\", " + document + "'", ErrorCode::kDataCorrupt, "Version"},
      {R"(printf '{"Version": 1, "AccessKeyId": "hunter2"}')", ErrorCode::kDataCorrupt,
       "no SecretAccessKey"},
      {"printf hunter2", ErrorCode::kDataCorrupt, "credential_process (printf): "},
      {"true hunter2", ErrorCode::kDataCorrupt, "no JSON object"},
      {"sh -c 'echo no such user >&2; exit 7' hunter2", ErrorCode::kUnauthenticated,
       "credential_process (sh) failed with exit code 7: no such user"},
      {"false hunter2", ErrorCode::kUnauthenticated,
       "credential_process (false) failed with exit code 1"},
      {"/nowhere/p hunter2", ErrorCode::kUnauthenticated,
       "credential_process (/nowhere/p): it cannot be started"},
      {"p 'hunter2", ErrorCode::kInvalidArgument, "credential_process: the command has a quote"},
      {" ", ErrorCode::kInvalidArgument, "credential_process: the command is empty"},
      {"yes hunter2", ErrorCode::kUnauthenticated,
       "credential_process (yes): it wrote more than 65536 bytes"},
  };
  for (const auto& [command, code, message] : cases) {
    const auto credentials = Credentialled(command);
    ASSERT_FALSE(credentials) << command;
    EXPECT_EQ(credentials.error().code, code) << command;
    EXPECT_THAT(credentials.error().message, AllOf(HasSubstr(message), Not(HasSubstr("hunter"))));
  }
}

}  // namespace
}  // namespace sumac::aws
