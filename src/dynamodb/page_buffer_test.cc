#include "dynamodb/page_buffer.h"

#include <vector>

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

Page Of(size_t bytes) {
  Page page;
  page.body = std::string(bytes, 'x');
  return page;
}

// As many answers as there is room for.
std::vector<uint64_t> ExpectAll(PageBuffer& buffer, int streams) {
  std::vector<uint64_t> rooms;
  while (rooms.size() < 1'000) {
    const auto room = buffer.Expect(streams);
    if (!room) break;
    rooms.push_back(*room);
  }
  return rooms;
}

TEST(PageBufferTest, BoundsBytesByWhatPagesHave) {
  PageBuffer buffer({.bytes_max = 10 << 20});
  auto rooms = ExpectAll(buffer, 64);
  EXPECT_EQ(rooms.size(), 10u);
  // Pages turn out to have 100 KB.
  for (const auto room : rooms) {
    buffer.Add(room, Of(100'000));
    ASSERT_TRUE(buffer.Take());
  }
  for (int i = 0; i < 30; ++i) {
    buffer.Add(*buffer.Expect(64), Of(100'000));
    ASSERT_TRUE(buffer.Take());
  }
  EXPECT_FALSE(buffer.Take());
  rooms = ExpectAll(buffer, 64);
  EXPECT_GE(rooms.size(), 100u);
  EXPECT_LE(rooms.size(), 105u);
}

TEST(PageBufferTest, ASlowReaderHasFewPagesWaiting) {
  PageBuffer buffer({.waiting_max = 8});
  for (int i = 0; i < 200; ++i) {
    while (const auto room = buffer.Expect(32)) buffer.Add(*room, Of(1'000));
    ASSERT_TRUE(buffer.Take());
  }
  EXPECT_LE(buffer.waiting(), 8u);
  // Few streams gather few.
  PageBuffer other({.waiting_max = 8});
  while (const auto room = other.Expect(2)) other.Add(*room, Of(1'000));
  EXPECT_EQ(other.waiting(), 2u);
}

TEST(PageBufferTest, AReaderThatKeepsUpMayFindMany) {
  PageBuffer buffer({.waiting_max = 8});
  for (int i = 0; i < 20; ++i) {
    const auto rooms = ExpectAll(buffer, 32);
    ASSERT_GE(rooms.size(), 32u);
    for (size_t j = 0; j < 32; ++j) buffer.Add(rooms[j], Of(1'000));
    for (size_t j = 32; j < rooms.size(); ++j) buffer.Forget(rooms[j]);
    while (buffer.Take()) {
    }
  }
}

// Whatever others hold, one page may be on its way; and all is given back.
TEST(PageBufferTest, SharesABudget) {
  const auto budget = std::make_shared<ByteBudget>(4 << 20);
  {
    PageBuffer first({.budget = budget});
    PageBuffer second({.budget = budget});
    EXPECT_EQ(ExpectAll(first, 64).size(), 4u);
    const auto rooms = ExpectAll(second, 64);
    ASSERT_EQ(rooms.size(), 1u);
    second.Add(rooms[0], Of(2 << 20));
    EXPECT_EQ(ExpectAll(second, 64).size(), 0u);
    ASSERT_TRUE(second.Take());
    EXPECT_EQ(ExpectAll(second, 64).size(), 1u);
    first.Clear();
    EXPECT_GE(ExpectAll(second, 64).size(), 1u);
  }
  EXPECT_EQ(budget->taken(), 0u);
}

}  // namespace
}  // namespace sumac::dynamodb
