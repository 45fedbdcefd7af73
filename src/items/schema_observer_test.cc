#include "items/schema_observer.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::items {
namespace {

std::shared_ptr<const ItemSchema> SchemaOf(const std::vector<std::string>& names) {
  TypeSummary items;
  items.MarkAsItems();
  for (const auto& name : names) items.Field(name).AddNumber("1");
  auto schema = MakeItemSchema(items, {}, {});
  EXPECT_TRUE(schema.has_value());
  return std::make_shared<const ItemSchema>(std::move(*schema));
}

TypeSummary News(const std::string& name, uint8_t kind) {
  TypeSummary news;
  news.MarkAsItems();
  news.AddKind(TypeSummary::kMap);
  news.Field(name).AddKind(kind);
  return news;
}

TEST(SchemaObserver, GivesTheFirstNewsOfAnAttributeOnce) {
  SchemaObserver observer(SchemaOf({"id", "age"}));
  auto notices = observer.Observe(News("nickname", TypeSummary::kString));
  ASSERT_EQ(notices.size(), 1);
  EXPECT_EQ(notices[0].attribute_name, "nickname");
  EXPECT_TRUE(notices[0].unknown_attribute);
  EXPECT_EQ(notices[0].kinds, "string");
  EXPECT_EQ(notices[0].column_type, "");

  notices = observer.Observe(News("age", TypeSummary::kMap));
  ASSERT_EQ(notices.size(), 1);
  EXPECT_FALSE(notices[0].unknown_attribute);
  EXPECT_EQ(notices[0].column_type, "BIGINT");
  EXPECT_EQ(notices[0].kinds, "map");

  EXPECT_TRUE(observer.Observe(News("nickname", TypeSummary::kString)).empty());
  EXPECT_TRUE(observer.Observe(News("nickname", TypeSummary::kBoolean)).empty());
}

TEST(SchemaObserver, JoinsWhatItSaw) {
  SchemaObserver observer(SchemaOf({"id"}));
  EXPECT_TRUE(observer.Seen().fields().empty());
  TypeSummary news = News("address", TypeSummary::kMap);
  news.Field("address").Field("zip").AddNumber("12.5");
  observer.Observe(news);
  observer.Observe(News("address", TypeSummary::kString));
  observer.Observe(News("flag", TypeSummary::kBoolean));

  TypeSummary wanted = news;
  wanted.Field("address").AddKind(TypeSummary::kString);
  wanted.Field("flag").AddKind(TypeSummary::kBoolean);
  EXPECT_EQ(observer.Seen(), wanted);
}

TEST(SchemaObserver, KnowsTheColumnsOfAMapThatWasTakenApart) {
  TypeSummary items;
  items.MarkAsItems();
  items.Field("address").AddKind(TypeSummary::kMap);
  items.Field("address").Field("city").AddKind(TypeSummary::kString);
  items.Field("address").Field("zip").AddNumber("1");
  SchemaOptions options;
  options.unnest_depth = 1;
  auto schema = MakeItemSchema(items, {}, options);
  ASSERT_TRUE(schema.has_value());
  ASSERT_EQ(schema->columns.size(), 2);
  SchemaObserver observer(std::make_shared<const ItemSchema>(std::move(*schema)));
  const auto notices = observer.Observe(News("address", TypeSummary::kString));
  ASSERT_EQ(notices.size(), 1);
  EXPECT_FALSE(notices[0].unknown_attribute);
  EXPECT_EQ(notices[0].column_type, "");
  EXPECT_TRUE(observer.Observe(News("addr", TypeSummary::kMap))[0].unknown_attribute);
}

TEST(SchemaObserver, HasABoundOnAttributes) {
  SchemaObserver observer(SchemaOf({"id"}));
  size_t notices = 0;
  for (size_t i = 0; i < SchemaObserver::kAttributesMax + 100; ++i) {
    notices += observer.Observe(News("a" + std::to_string(i), TypeSummary::kString)).size();
  }
  EXPECT_EQ(notices, SchemaObserver::kAttributesMax);
  EXPECT_EQ(observer.Seen().fields().size(), SchemaObserver::kAttributesMax);
  // What is known goes on.
  observer.Observe(News("a0", TypeSummary::kBoolean));
  EXPECT_EQ(observer.Seen().fields().at("a0").kinds(),
            TypeSummary::kString | TypeSummary::kBoolean);
}

TEST(SchemaObserver, HasABoundOnNodes) {
  SchemaObserver observer(SchemaOf({"id"}));
  for (size_t page = 0; page < 100; ++page) {
    const std::string name = "counters" + std::to_string(page);
    TypeSummary news = News(name, TypeSummary::kMap);
    for (size_t i = 0; i < 500; ++i) {
      news.Field(name).Field("c" + std::to_string(i)).AddNumber("1");
    }
    observer.Observe(news);
  }
  const size_t nodes = CountNodes(observer.Seen());
  EXPECT_LE(nodes, SchemaObserver::kNodesMax + 1);
  EXPECT_GT(nodes, SchemaObserver::kNodesMax - 1'000);
}

TEST(SchemaObserver, GivesEachNoticeToOneThread) {
  SchemaObserver observer(SchemaOf({"id"}));
  constexpr int kThreads = 8;
  constexpr int kAttributes = 50;
  std::atomic<int> notices = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kAttributes; ++i) {
        const auto news = News("a" + std::to_string(i), TypeSummary::kString);
        notices += static_cast<int>(observer.Observe(news).size());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(notices, kAttributes);
}

}  // namespace
}  // namespace sumac::items
