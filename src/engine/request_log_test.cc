#include "engine/request_log.h"

#include <gtest/gtest.h>

namespace sumac::engine {
namespace {

dynamodb::ScanRequest QueryOf(const char* customer) {
  dynamodb::ScanRequest request;
  request.table_name = "orders";
  request.key_condition = std::make_shared<const dynamodb::Condition>(dynamodb::Condition::Compare(
      {"customer"}, dynamodb::Comparison::kEqual, std::string("{\"S\":\"") + customer + "\"}"));
  return request;
}

dynamodb::Page PageOf(uint64_t scanned, uint64_t count, double units) {
  dynamodb::Page page;
  page.scanned_count = scanned;
  page.count = count;
  page.consumed_read_units = units;
  return page;
}

TEST(RequestLogTest, PagesOfACallAreOneLine) {
  RequestLog log;
  const auto ann = QueryOf("ann");
  const auto bob = QueryOf("bo\nb");
  dynamodb::ScanRequest count;
  count.table_name = "users";
  count.count_only = true;
  count.filter = std::make_shared<const dynamodb::Condition>(dynamodb::Condition::Exists({"age"}));
  const auto first = log.NextScan();
  const auto second = log.NextScan();
  log.Add(first, "o", ann, PageOf(10, 4, 1.5));
  log.Add(first, "o", bob, PageOf(0, 0, 0.5));
  log.Add(first, "o", ann, PageOf(2'000, 1, 100));
  log.Add(second, "users", count, PageOf(3, 2, 0.5));
  const auto logged = log.Calls();
  std::string text;
  for (const auto& call : logged.calls) text += CallText(call) + "\n";
  EXPECT_EQ(text,
            "Query of table 'orders' (dataset 'o'): \"customer\" = {\"S\":\"ann\"}: 2 requests, "
            "2,010 items, 5 returned, 102 RCU\n"
            "Query of table 'orders' (dataset 'o'): \"customer\" = {\"S\":\"bo\\nb\"}: 1 request, "
            "0 items, 0 returned, 0.5 RCU\n"
            "Scan (Select=COUNT) of table 'users'; filter attribute_exists(\"age\"): 1 request, 3 "
            "items, 2 returned, 0.5 RCU\n");
  log.Clear();
  EXPECT_TRUE(log.Calls().calls.empty());
  EXPECT_NE(log.NextScan(), first);
}

TEST(RequestLogTest, SaysWhatItemsAreFoundBy) {
  RequestLog log;
  const auto scan = log.NextScan();
  auto by_index = QueryOf("ann");
  by_index.index_name = "by_customer";
  dynamodb::ScanRequest one;
  one.table_name = "orders";
  one.keys = std::make_shared<const std::vector<std::string>>(1, R"({"id":{"S":"a"}})");
  auto many = one;
  many.keys = std::make_shared<const std::vector<std::string>>(7, "{}");
  log.Add(scan, "orders", by_index, PageOf(1, 1, 0.5));
  log.Add(scan, "orders", one, PageOf(1, 1, 0.5));
  log.Add(scan, "orders", many, PageOf(5, 5, 3.5));
  log.Add(scan, "orders", many, PageOf(2, 2, 1));
  std::string text;
  for (const auto& call : log.Calls().calls) text += CallText(call) + "\n";
  EXPECT_EQ(
      text,
      "Query of table 'orders', index 'by_customer': \"customer\" = {\"S\":\"ann\"}: 1 "
      "request, 1 items, 1 returned, 0.5 RCU\n"
      "GetItem of table 'orders': {\"id\":{\"S\":\"a\"}}: 1 request, 1 items, 1 returned, 0.5 "
      "RCU\n"
      "BatchGetItem of table 'orders': 7 keys: 2 requests, 7 items, 7 returned, 4.5 RCU\n");
}

TEST(RequestLogTest, ManyCallsAreCounted) {
  RequestLog log;
  const auto scan = log.NextScan();
  std::vector<dynamodb::ScanRequest> requests;
  for (size_t i = 0; i < kLoggedCallsMax + 3; ++i) requests.push_back(QueryOf("ann"));
  for (int round = 0; round < 2; ++round) {
    for (const auto& request : requests) log.Add(scan, "o", request, PageOf(1, 1, 0.5));
  }
  const auto logged = log.Calls();
  EXPECT_EQ(logged.calls.size(), kLoggedCallsMax);
  EXPECT_EQ(logged.calls.back().pages, 2u);
  EXPECT_EQ(logged.requests_left_out, 6u);
}

}  // namespace
}  // namespace sumac::engine
