#include "datasets/whole_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dynamodb/stored_pages.h"
#include "items/page_summary.h"

namespace sumac::datasets {
namespace {

dynamodb::Page MakePage(std::string body) {
  dynamodb::Page page;
  page.body = std::string_view(body);
  page.count = 1;
  return page;
}

TEST(WholeTableTest, SummarizesEveryPageAndKeepsIt) {
  items::TypeSummary expected;
  for (const int workers : {1, 2, 5}) {
    dynamodb::StoredPages pages({});
    dynamodb::StoredPages kept({});
    for (int i = 0; i < 300; ++i) {
      const auto page =
          MakePage(fmt::format(R"({{"Items":[{{"id":{{"N":"{0}"}},"a{1}":{{"{2}":"{0}"}}}}]}})", i,
                               i % 40, i % 77 == 0 ? "S" : "N"));
      ASSERT_TRUE(pages.Add(page));
      ASSERT_TRUE(items::SummarizePage(page.body, {}, expected));
    }
    const auto summary = SummarizeAll(
        pages, {}, workers, [&kept](const dynamodb::Page& page) { return kept.Add(page); },
        nullptr);
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_TRUE(*summary == expected);
    const auto again = SummarizeAll(kept, {}, workers, nullptr, nullptr);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(*again == expected);
    EXPECT_EQ(kept.Statistics().pages, 300u);
  }
}

TEST(WholeTableTest, TheFirstErrorIsTheOne) {
  for (const int workers : {1, 4}) {
    dynamodb::StoredPages pages({});
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(pages.Add(MakePage(i == 20 ? R"({"Items":[{"id":{"N":"1"}},7]})"
                                             : R"({"Items":[{"id":{"N":"1"}}]})")));
    }
    const auto summary = SummarizeAll(pages, {}, workers, nullptr, nullptr);
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().code, ErrorCode::kDataCorrupt);

    dynamodb::StoredPagesOptions full;
    full.memory_bytes_max = 0;
    full.temporary_directory = "/nonexistent";
    dynamodb::StoredPages kept(full);
    dynamodb::StoredPages good({});
    ASSERT_TRUE(good.Add(MakePage(R"({"Items":[]})")));
    const auto not_kept = SummarizeAll(
        good, {}, workers, [&kept](const dynamodb::Page& page) { return kept.Add(page); }, nullptr);
    ASSERT_FALSE(not_kept);
    EXPECT_EQ(not_kept.error().code, ErrorCode::kResourceExhausted);
  }
}

TEST(WholeTableTest, EndsWhenCancelled) {
  dynamodb::StoredPages pages({});
  ASSERT_TRUE(pages.Add(MakePage(R"({"Items":[]})")));
  const std::atomic<bool> cancelled = true;
  const auto summary = SummarizeAll(pages, {}, 3, nullptr, &cancelled);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace sumac::datasets
