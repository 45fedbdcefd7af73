#include "net/body_buffer.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace sumac::net {
namespace {

constexpr size_t kPage = 1'000'000;

TEST(BodyBufferTest, GrowsAndKeepsItsBytes) {
  for (const auto& pool : {std::shared_ptr<BodyBufferPool>(), BodyBufferPool::Make(1 << 30)}) {
    BodyBuffer body = pool ? pool->Take(0) : BodyBuffer();
    std::string expected;
    for (int i = 0; i < 2'000; ++i) {
      const std::string part(static_cast<size_t>(i % 300), static_cast<char>('a' + i % 26));
      body.Append(part);
      expected += part;
    }
    EXPECT_EQ(body, expected);
    BodyBuffer copy = body;
    const BodyBuffer moved = std::move(body);
    EXPECT_EQ(moved, expected);
    EXPECT_EQ(copy, expected);
    copy.Resize(3);
    EXPECT_EQ(copy, expected.substr(0, 3));
  }
  EXPECT_EQ(BodyBuffer(), "");
}

// Under AddressSanitizer; elsewhere it only reads.
TEST(BodyBufferTest, HasItsPadding) {
  for (const size_t length : {0U, 1U, 100U, 65'536U, 70'000U}) {
    BodyBuffer body = std::string_view(std::string(length, 'x'));
    char sum = 0;
    const char* bytes = std::as_const(body).data();
    for (size_t i = 0; i < kBodyPaddingBytes; ++i) sum ^= bytes[length + i];
    testing::Test::RecordProperty("sum", sum);
  }
}

TEST(BodyBufferTest, MemoryIsUsedAgain) {
  const auto pool = BodyBufferPool::Make(64 << 20);
  const char* first = nullptr;
  {
    auto body = pool->Take(kPage);
    body.Append("x");
    first = body.data();
    EXPECT_EQ(pool->IdleBytes(), 0u);
  }
  const size_t idle = pool->IdleBytes();
  EXPECT_GE(idle, kPage);
  // Of nearly the same length, by whoever asks next.
  auto again = pool->Take(kPage - 1'000);
  EXPECT_EQ(again.data(), first);
  EXPECT_TRUE(again.empty());
  EXPECT_EQ(pool->IdleBytes(), 0u);
  const auto other = again.Another(kPage);
  EXPECT_NE(other.data(), again.data());
  // What is moved from has nothing to give back.
  { auto moved = std::move(again); }
  EXPECT_EQ(pool->IdleBytes(), idle);
}

TEST(BodyBufferTest, ALittleBodyGetsNoLargeMemory) {
  const auto pool = BodyBufferPool::Make(64 << 20);
  pool->Take(4 * kPage);
  const size_t idle = pool->IdleBytes();
  const auto small = pool->Take(kPage);
  const auto tiny = pool->Take(10);
  EXPECT_EQ(pool->IdleBytes(), idle);
}

TEST(BodyBufferTest, WhatIsIdleIsBounded) {
  const auto pool = BodyBufferPool::Make(3 * kPage);
  {
    std::vector<BodyBuffer> bodies;
    for (int i = 0; i < 10; ++i) bodies.push_back(pool->Take(kPage));
  }
  EXPECT_GE(pool->IdleBytes(), 2 * kPage);
  EXPECT_LE(pool->IdleBytes(), 3 * kPage);
}

TEST(BodyBufferTest, WhatIsNotNeededIsDropped) {
  const auto pool = BodyBufferPool::Make(64 << 20);
  {
    const auto a = pool->Take(kPage);
    const auto b = pool->Take(kPage);
    const auto c = pool->Take(kPage);
  }
  const size_t three = pool->IdleBytes();
  pool->DropUnused();
  // They have been in use since the call before, which was none.
  EXPECT_EQ(pool->IdleBytes(), three);
  for (int i = 0; i < 5; ++i) pool->Take(kPage);
  pool->DropUnused();
  // One was enough since then.
  EXPECT_EQ(pool->IdleBytes(), three / 3);
  pool->DropUnused();
  EXPECT_EQ(pool->IdleBytes(), 0u);
}

TEST(BodyBufferTest, ABufferOutlivesItsPool) {
  auto pool = BodyBufferPool::Make(64 << 20);
  auto body = pool->Take(kPage);
  pool.reset();
  std::thread([moved = std::move(body)]() mutable { moved.Append("x"); }).join();
}

}  // namespace
}  // namespace sumac::net
