#include "net/outcome.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "net/curl_transport.h"
#include "net/fake_transport.h"

namespace sumac::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(OutcomeTest, TheFirstCounts) {
  Outcome<int> outcome;
  outcome.Set(1);
  outcome.Set(2);
  outcome.Set(Fail(CancelledError()));
  EXPECT_EQ(*outcome.Wait(nullptr), 1);
}

TEST(OutcomeTest, WhatIsThereWinsOverACancellation) {
  Outcome<int> outcome;
  outcome.Set(1);
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ(*outcome.Wait(&cancelled), 1);
}

TEST(OutcomeTest, WaitsForAnotherThread) {
  for (int i = 0; i < 100; ++i) {
    auto outcome = std::make_shared<Outcome<std::string>>();
    // Its owner may be gone before the other thread has returned from Set.
    std::thread setter([outcome]() mutable {
      outcome->Set(std::string("done"));
      outcome.reset();
    });
    EXPECT_EQ(*outcome->Wait(nullptr), "done");
    outcome.reset();
    setter.join();
  }
}

TEST(OutcomeTest, GivesUpWhenCancelled) {
  Outcome<int> outcome;
  std::atomic<bool> cancelled = false;
  std::promise<void> waiting;
  std::thread canceller([&] {
    waiting.get_future().wait();
    cancelled = true;
  });
  waiting.set_value();
  const auto result = outcome.Wait(&cancelled);
  canceller.join();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
}

class WaitingTest : public testing::Test {
 protected:
  ~WaitingTest() override { transport_.Stop(); }

  ManualClock clock_;
  FakeTransport transport_{clock_, [](const HttpRequest& request) {
                             HttpResponse response;
                             response.status = 200;
                             response.body = request.url;
                             return std::optional<Result<HttpResponse>>(std::move(response));
                           }};
};

TEST_F(WaitingTest, BringsTheAnswer) {
  HttpRequest request;
  request.url = "http://x/";
  const auto response = SendAndWait(transport_, request, nullptr);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "http://x/");
}

TEST_F(WaitingTest, WaitsOnTheTransportsTimer) {
  const auto start = clock_.MonotonicNow();
  EXPECT_TRUE(WaitFor(transport_, hours(5), nullptr));
  EXPECT_EQ(clock_.MonotonicNow() - start, hours(5));
  EXPECT_TRUE(WaitFor(transport_, milliseconds(0), nullptr));
}

// The exchange that nobody waits for any more ends too.
TEST_F(WaitingTest, CancelEndsTheExchangeAndTheTimer) {
  transport_.Hold(true);
  const std::atomic<bool> cancelled = true;
  const auto response = SendAndWait(transport_, HttpRequest{}, &cancelled);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
  transport_.AwaitNothing();
  const auto waited = WaitFor(transport_, hours(1), &cancelled);
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, ErrorCode::kCancelled);
}

// Who waits must not wait for ever when the transport ends: before, while and after it does.
TEST(WaitingOnCurlTest, EndsWithTheTransport) {
  const auto transport = CurlTransport::Create({}).value();
  std::vector<std::thread> waiters;
  std::atomic<int> begun = 0;
  std::atomic<int> cancelled = 0;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([&] {
      ++begun;
      const auto waited = WaitFor(*transport, hours(1), nullptr);
      cancelled += !waited && waited.error().code == ErrorCode::kCancelled;
    });
  }
  while (begun < 4) std::this_thread::yield();
  transport->Stop();
  for (auto& waiter : waiters) waiter.join();
  EXPECT_EQ(cancelled, 4);
  EXPECT_EQ(WaitFor(*transport, milliseconds(0), nullptr).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace sumac::net
