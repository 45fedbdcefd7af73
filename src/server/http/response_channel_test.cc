#include "server/http/response_channel.h"

#include <future>

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

using Kind = ResponseChannel::EventKind;

TEST(ResponseChannel, HandsEventsOnInOrder) {
  int notified = 0;
  ResponseChannel channel(4, [&] { ++notified; });
  HttpReply header;
  header.content_type = "text/csv";
  channel.Start(header);
  EXPECT_TRUE(channel.Push("a"));
  EXPECT_TRUE(channel.Push("b"));
  channel.Finish();
  EXPECT_EQ(notified, 4);
  EXPECT_EQ(channel.Take().reply.content_type, "text/csv");
  EXPECT_EQ(channel.Take().bytes, "a");
  EXPECT_EQ(channel.Take().bytes, "b");
  EXPECT_EQ(channel.Take().kind, Kind::kFinished);
  EXPECT_EQ(channel.Take().kind, Kind::kNone);
}

TEST(ResponseChannel, MakesTheWorkerWaitForTheClient) {
  ResponseChannel channel(1, [] {});
  EXPECT_TRUE(channel.Push("a"));
  auto second = std::async(std::launch::async, [&] { return channel.Push("b"); });
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
  EXPECT_EQ(channel.Take().bytes, "a");
  EXPECT_TRUE(second.get());
  EXPECT_EQ(channel.Take().bytes, "b");
}

TEST(ResponseChannel, TellsTheWorkerThatTheClientIsGone) {
  ResponseChannel channel(1, [] {});
  EXPECT_TRUE(channel.Push("a"));
  auto waiting = std::async(std::launch::async, [&] { return channel.Push("b"); });
  channel.Close();
  EXPECT_FALSE(waiting.get());
  EXPECT_FALSE(channel.Push("c"));
  channel.Finish();
  EXPECT_EQ(channel.Take().kind, Kind::kNone);
}

}  // namespace
}  // namespace sumac::server
