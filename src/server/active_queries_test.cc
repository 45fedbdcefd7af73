#include "server/active_queries.h"

#include <gmock/gmock.h>

#include "server/random_id.h"

namespace sumac::server {
namespace {

TEST(RandomId, IsAUuidEachTimeAnother) {
  const std::string id = RandomId();
  EXPECT_TRUE(IsUuid(id)) << id;
  EXPECT_EQ(id[14], '4');
  EXPECT_THAT(std::string("89ab"), testing::HasSubstr(id.substr(19, 1)));
  EXPECT_NE(RandomId(), id);
  EXPECT_TRUE(IsUuid("01234567-89AB-7def-0123-456789abcdef"));
  for (const char* text :
       {"", "x", "01234567-89ab-7def-0123-456789abcde", "01234567089ab-7def-0123-456789abcde",
        "0123456g-89ab-7def-0123-456789abcdef"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

TEST(ActiveQueries, AreListedWhileTheyRun) {
  ManualClock clock;
  ActiveQueries queries(clock);
  int cancelled = 0;
  auto first = queries.Add("http", "SELECT 1", [&cancelled] { ++cancelled; });
  auto second = queries.Add("flight", "SELECT 2", [] {});
  ASSERT_EQ(queries.List().size(), 2U);
  EXPECT_EQ(queries.List()[0].id, first->id());
  EXPECT_EQ(queries.List()[0].protocol, "http");
  EXPECT_EQ(queries.List()[1].sql_preview, "SELECT 2");
  EXPECT_EQ(queries.List()[1].started_at, clock.WallNow());

  EXPECT_TRUE(queries.Cancel(first->id()));
  EXPECT_EQ(cancelled, 1);
  EXPECT_FALSE(queries.Cancel(RandomId()));
  const std::string id = first->id();
  first.reset();
  EXPECT_FALSE(queries.Cancel(id));
  EXPECT_EQ(cancelled, 1);
  EXPECT_EQ(queries.List().size(), 1U);
  const auto long_one = queries.Add("http", std::string(999, 'x') + "\u00e9\u00e9", [] {});
  EXPECT_EQ(queries.List()[1].sql_preview, std::string(999, 'x') + "...");
}

}  // namespace
}  // namespace sumac::server
