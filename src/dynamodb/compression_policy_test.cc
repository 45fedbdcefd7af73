#include "dynamodb/compression_policy.h"

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

constexpr size_t kPage = 2'000'000;

// A link, a server and a processor, on which time is computed.
struct Link {
  double wire_bytes_per_second = 0;
  double ratio = 8;  // what the server's compression makes of a page; 1: it does not compress
  double inflated_bytes_per_second = 1.4e9;
  int streams = 1;
  MonotonicTime now{};

  // One page on each stream, which share the wire.
  void Read(CompressionPolicy& policy) {
    const bool compressed = policy.AsksForGzip() && ratio > 1;
    BodyTransfer transfer;
    transfer.decoded_bytes = kPage;
    transfer.wire_bytes = static_cast<size_t>(kPage / (compressed ? ratio : 1));
    transfer.compressed = compressed;
    const auto nanoseconds = [](double seconds) {
      return std::chrono::nanoseconds(static_cast<int64_t>(seconds * 1e9));
    };
    if (compressed) transfer.inflating = nanoseconds(kPage / inflated_bytes_per_second);
    transfer.began = now;
    now += nanoseconds(static_cast<double>(transfer.wire_bytes) * streams / wire_bytes_per_second);
    transfer.ended = now;
    for (int i = 0; i < streams; ++i) policy.Observe(transfer);
    now += std::chrono::milliseconds(100);
  }

  // How many of the pages were asked for compressed.
  int Read(CompressionPolicy& policy, int pages) {
    int asked = 0;
    for (int i = 0; i < pages; ++i) {
      asked += policy.AsksForGzip() ? 1 : 0;
      Read(policy);
    }
    return asked;
  }
};

TEST(CompressionPolicyTest, OnAndOffAreNotMoved) {
  for (const double rate : {1e6, 1e10}) {
    CompressionPolicy on(Compression::kOn);
    CompressionPolicy off(Compression::kOff);
    Link link{rate};
    EXPECT_EQ(link.Read(on, 1'000), 1'000);
    EXPECT_EQ(link.Read(off, 1'000), 0);
  }
}

TEST(CompressionPolicyTest, AutoFollowsTheLink) {
  struct Case {
    Link link;
    bool asks;
  };
  const Case cases[] = {
      {{1e6}, true},              // a slow line
      {{12.5e6}, true},           // 100 Mbit/s
      {{125e6}, true},            // 1 Gbit/s
      {{1.2e9}, false},           // 10 Gbit/s
      {{3e9}, false},             // this machine
      {{125e6, 1.1}, false},      // what does not shrink
      {{125e6, 8, 30e6}, false},  // a slow processor
      {{125e6, 8, 1.4e9, 16}, true},
      {{3e9, 8, 1.4e9, 16}, false},
  };
  for (const auto& one : cases) {
    CompressionPolicy policy(Compression::kAuto);
    Link link = one.link;
    EXPECT_FALSE(policy.AsksForGzip());
    link.Read(policy, 20);
    const int asked = link.Read(policy, 200);
    const std::string what = std::to_string(link.wire_bytes_per_second) + " bytes/s, ratio " +
                             std::to_string(link.ratio);
    EXPECT_EQ(policy.AsksForGzip(), one.asks) << what;
    // But for a trial of the other way.
    EXPECT_GE(asked, one.asks ? 190 : 0) << what;
    EXPECT_LE(asked, one.asks ? 200 : 0) << what;
  }
}

TEST(CompressionPolicyTest, AFastLinkIsNeverAskedForATrial) {
  CompressionPolicy policy(Compression::kAuto);
  Link link{2e9};
  EXPECT_EQ(link.Read(policy, 5'000), 0);
}

TEST(CompressionPolicyTest, NoticesThatTheLinkHasChanged) {
  CompressionPolicy policy(Compression::kAuto);
  Link link{10e6};
  EXPECT_GE(link.Read(policy, 100), 95);
  link.wire_bytes_per_second = 3e9;
  link.Read(policy, 2'500);
  EXPECT_FALSE(policy.AsksForGzip());
  link.wire_bytes_per_second = 10e6;
  link.Read(policy, 2'500);
  EXPECT_TRUE(policy.AsksForGzip());
}

TEST(CompressionPolicyTest, TrialsAreRare) {
  CompressionPolicy policy(Compression::kAuto);
  Link slow{10e6};
  EXPECT_GE(slow.Read(policy, 5'000), 4'950);
}

TEST(CompressionPolicyTest, AServerThatDoesNotCompressDoesNoHarm) {
  CompressionPolicy policy(Compression::kAuto);
  Link link{10e6, 1};
  link.Read(policy, 1'000);
}

TEST(CompressionPolicyTest, ShortBodiesTellNothing) {
  CompressionPolicy policy(Compression::kAuto);
  MonotonicTime now{};
  for (int i = 0; i < 10'000; ++i) {
    BodyTransfer transfer{5'000, 5'000, false, now, now + std::chrono::seconds(1), {}};
    policy.Observe(transfer);
    now += std::chrono::seconds(1);
  }
  EXPECT_FALSE(policy.AsksForGzip());
}

}  // namespace
}  // namespace sumac::dynamodb
