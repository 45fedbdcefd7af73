#include "dynamodb/stream_controller.h"

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

// A service as a function from streams to how long a page takes, in seconds.
using Service = std::function<double(int)>;

// Pages take the same time until `pages_per_second` are served; from there on they queue.
Service Serves(double latency, double pages_per_second) {
  return [=](int streams) { return std::max(latency, streams / pages_per_second); };
}

// Runs rounds in which every stream gets one page and the reader always waits.
void RunRounds(StreamController& streams, const Service& service, int rounds, double jitter = 0,
               uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> spread(1 - jitter, 1 + jitter);
  for (int i = 0; i < rounds; ++i) {
    const int width = streams.Width();
    const auto round = streams.Round();
    for (int stream = 0; stream < width; ++stream) {
      streams.OnAnswer(round, 128, std::chrono::duration<double>(service(width) * spread(random)));
    }
    streams.OnReaderWaits();
  }
}

struct Case {
  const char* what;
  Service service;
  int most;
  int at_least;
  int at_most;
};

TEST(StreamControllerTest, FindsHowManyHelp) {
  const Case cases[] = {
      {"room for all", Serves(0.15, 1e9), 64, 64, 64},
      {"one partition", Serves(0.15, 3'000 / 128.0), 64, 3, 8},
      {"47 streams' worth", Serves(0.15, 312), 64, 45, 64},
      {"a server on this machine", Serves(0.001, 1'000), 64, 1, 4},
      {"a server with 8 workers", Serves(0.010, 800), 64, 7, 16},
      {"one stream allowed", Serves(0.15, 1e9), 1, 1, 1},
  };
  for (const auto& test : cases) {
    for (const double jitter : {0.0, 0.15}) {
      for (uint64_t seed = 1; seed <= (jitter > 0 ? 20 : 1); ++seed) {
        StreamController streams({2, test.most});
        RunRounds(streams, test.service, 400, jitter, seed);
        EXPECT_GE(streams.Width(), test.at_least) << test.what << ", seed " << seed;
        EXPECT_LE(streams.Width(), test.at_most) << test.what << ", seed " << seed;
      }
    }
  }
}

TEST(StreamControllerTest, DoublesInEachRound) {
  StreamController streams({4, 64});
  for (const int width : {4, 8, 16, 32, 64, 64}) {
    EXPECT_EQ(streams.Width(), width);
    RunRounds(streams, Serves(0.15, 1e9), 1);
  }
}

// The first round shows what one stream reads; from the table's rate follows how many have work.
TEST(StreamControllerTest, GoesToHalfOfAKnownRateAtOnce) {
  struct Known {
    const char* what;
    double rate;
    Service service;
    int most;
    std::vector<int> widths;
  };
  const double one_stream = 128 / 0.15;
  const Known cases[] = {
      {"as known", 40 * one_stream, Serves(0.15, 40 / 0.15), 128, {4, 20, 40, 80, 40}},
      {"eight times at most", 1'000 * one_stream, Serves(0.15, 1e9), 128, {4, 32, 64, 128}},
      {"the most is less", 100 * one_stream, Serves(0.15, 100 / 0.15), 24, {4, 24, 24}},
      {"less than the start", one_stream, Serves(0.15, 1e9), 64, {4, 8, 16}},
      {"serves a tenth", 50 * one_stream, Serves(0.15, 5 / 0.15), 128, {4, 25, 10, 10}},
      {"serves no more at all", 50 * one_stream, Serves(0.15, 4 / 0.15), 128, {4, 25, 4, 4}},
      {"serves more", 20 * one_stream, Serves(0.15, 1e9), 64, {4, 10, 20, 40, 64}},
  };
  for (const auto& test : cases) {
    StreamController streams({4, test.most, {{test.rate, 128}}});
    for (const int width : test.widths) {
      EXPECT_EQ(streams.Width(), width) << test.what;
      RunRounds(streams, test.service, 1);
    }
  }
}

TEST(StreamControllerTest, ShortPagesAndRefusalsSayNothingOfAKnownRate) {
  for (const double amount : {0.0, 0.5, 2.0}) {
    StreamController streams({4, 128, {{40'000, 128}}});
    for (int i = 0; i < 4; ++i) {
      streams.OnAnswer(streams.Round(), amount, std::chrono::duration<double>(0.01));
    }
    streams.OnReaderWaits();
    EXPECT_EQ(streams.Width(), 8) << amount;
  }
  // The best of the round counts.
  StreamController streams({4, 128, {{40'000, 128}}});
  const double seconds[] = {0.15, 0.6, 0.2, 5};
  for (const double took : seconds) {
    streams.OnAnswer(streams.Round(), took == 5 ? 0 : 128, std::chrono::duration<double>(took));
  }
  streams.OnReaderWaits();
  EXPECT_EQ(streams.Width(), 23);
}

TEST(StreamControllerTest, ATableThrottleTakesALongStepBack) {
  StreamController streams({4, 128, {{40'000, 128}}});
  RunRounds(streams, Serves(0.15, 1e9), 1);
  ASSERT_EQ(streams.Width(), 23);
  streams.OnTableThrottle();
  EXPECT_EQ(streams.Width(), 8);
}

TEST(StreamControllerTest, AddsNoneForAReaderThatDoesNotWait) {
  StreamController streams({2, 64});
  for (int i = 0; i < 1'000; ++i) {
    streams.OnAnswer(streams.Round(), 128, std::chrono::duration<double>(0.15));
  }
  EXPECT_EQ(streams.Width(), 2);
}

TEST(StreamControllerTest, NeedsAWholeRound) {
  StreamController streams({4, 64});
  for (int i = 0; i < 3; ++i) {
    streams.OnAnswer(streams.Round(), 128, std::chrono::duration<double>(0.15));
    streams.OnReaderWaits();
  }
  EXPECT_EQ(streams.Width(), 4);
  // Answers to requests of another round do not count.
  for (int i = 0; i < 9; ++i) {
    streams.OnAnswer(streams.Round() - 1, 128, std::chrono::duration<double>(0.15));
  }
  streams.OnReaderWaits();
  EXPECT_EQ(streams.Width(), 4);
}

// Refusals take their time and bring nothing, so that streams which mostly meet them do not count
// as a gain.
TEST(StreamControllerTest, RefusalsAreWorthNothing) {
  StreamController streams({4, 64});
  for (int i = 0; i < 4; ++i) {
    streams.OnAnswer(streams.Round(), 128, std::chrono::duration<double>(0.1));
  }
  streams.OnReaderWaits();
  ASSERT_EQ(streams.Width(), 8);
  for (int i = 0; i < 8; ++i) {
    streams.OnAnswer(streams.Round(), i < 4 ? 128 : 0, std::chrono::duration<double>(0.1));
  }
  streams.OnReaderWaits();
  EXPECT_EQ(streams.Width(), 4);
}

TEST(StreamControllerTest, ATableThrottleEndsTheDoubling) {
  StreamController streams({4, 64});
  RunRounds(streams, Serves(0.15, 1e9), 1);
  ASSERT_EQ(streams.Width(), 8);
  streams.OnTableThrottle();
  RunRounds(streams, Serves(0.15, 1e9), 4);
  EXPECT_LE(streams.Width(), 10);
  // And begins again when a step shows that there is room.
  RunRounds(streams, Serves(0.15, 1e9), 8);
  EXPECT_EQ(streams.Width(), 64);
}

TEST(StreamControllerTest, FollowsAServiceThatChanges) {
  StreamController streams({2, 64});
  RunRounds(streams, Serves(0.15, 3'000 / 128.0), 50);
  EXPECT_LE(streams.Width(), 8);
  RunRounds(streams, Serves(0.15, 1e9), 800);
  EXPECT_GE(streams.Width(), 48);
  RunRounds(streams, Serves(0.15, 3'000 / 128.0), 3'000);
  EXPECT_LE(streams.Width(), 10);
}

}  // namespace
}  // namespace sumac::dynamodb
