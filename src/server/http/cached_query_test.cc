#include "server/http/cached_query.h"

#include <set>

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

using duckdb::Value;
using engine::ResultFormat;

TEST(CacheControl, CountsTwoOfItsDirectives) {
  const std::pair<const char*, CacheUse> cases[] = {
      {"", CacheUse::kUse},
      {"no-cache", CacheUse::kRefresh},
      {" No-Cache , max-age=0", CacheUse::kRefresh},
      {"max-stale=10, min-fresh=2", CacheUse::kUse},
      {"only-if-cached", CacheUse::kOnlyIfCached},
      {"no-cache,only-if-cached", CacheUse::kOnlyIfCached},
      {"no-cached", CacheUse::kUse},
  };
  for (const auto& [value, use] : cases) EXPECT_EQ(ParseCacheControl(value), use) << value;
}

SqlRequest Positional(const std::string& sql, std::vector<Value> values) {
  SqlRequest request;
  request.sql = sql;
  for (auto& value : values) request.parameters.positional.push_back(std::move(value));
  return request;
}

SqlRequest Named(const std::string& sql, std::vector<std::pair<std::string, Value>> values) {
  SqlRequest request;
  request.sql = sql;
  for (auto& [name, value] : values) request.parameters.named.emplace(name, std::move(value));
  return request;
}

TEST(CacheKey, DiffersWhereAnAnswerMay) {
  std::vector<SqlRequest> requests;
  requests.push_back(Positional("q", {}));
  requests.push_back(Positional("q ", {}));
  requests.push_back(Positional("Q", {}));
  requests.push_back(Positional("q", {Value()}));
  requests.push_back(Positional("q", {Value(), Value()}));
  requests.push_back(Positional("q", {Value::BIGINT(1)}));
  requests.push_back(Positional("q", {Value::HUGEINT(1)}));
  requests.push_back(Positional("q", {Value("1")}));
  requests.push_back(Positional("q", {Value("-")}));
  requests.push_back(Positional("q", {Value::BOOLEAN(true)}));
  requests.push_back(Positional("q", {Value("true")}));
  requests.push_back(Positional("q", {Value::DOUBLE(1)}));
  requests.push_back(Positional("q", {Value::DOUBLE(0.1)}));
  requests.push_back(Positional("q", {Value::DOUBLE(0.1 + 1e-17)}));
  requests.push_back(Positional("q", {Value::DOUBLE(0.1 + 2e-17)}));
  requests.push_back(Positional("q", {Value::DOUBLE(0.0)}));
  requests.push_back(Positional("q", {Value::DOUBLE(-0.0)}));
  requests.push_back(Positional("q", {Value("a"), Value("b")}));
  requests.push_back(Positional("q", {Value("b"), Value("a")}));
  requests.push_back(Positional("q", {Value("ab"), Value("")}));
  requests.push_back(Positional("q7:VARCHAR1:a", {}));
  requests.push_back(Positional("q", {Value("a")}));
  requests.push_back(Named("q", {{"a", Value("a")}}));
  requests.push_back(Named("q", {{"b", Value("a")}}));
  requests.push_back(Named("q", {{"a", Value("a")}, {"b", Value("b")}}));
  requests.push_back(Named("q", {{"a", Value("b")}, {"b", Value("a")}}));
  std::set<std::string> keys;
  for (const auto& request : requests) {
    keys.insert(CacheKeyOf(request, ResultFormat::kJson));
    keys.insert(CacheKeyOf(request, ResultFormat::kCsv));
  }
  // 0.1 + 1e-17 is 0.1.
  EXPECT_EQ(keys.size(), 2 * (requests.size() - 1));
}

TEST(CacheKey, IsTheSameForTheSame) {
  const auto one = Named("q", {{"a", Value("x")}, {"B", Value::BIGINT(2)}});
  auto other = Named("q", {{"b", Value::BIGINT(2)}, {"A", Value("x")}});
  other.timeout = std::chrono::seconds(3);
  other.cache_use = CacheUse::kRefresh;
  EXPECT_EQ(CacheKeyOf(one, ResultFormat::kJson), CacheKeyOf(other, ResultFormat::kJson));
}

TEST(CacheKey, IsNotMadeOfLongTexts) {
  const std::string longest(kCacheKeyBytesMax, 'x');
  EXPECT_FALSE(CacheKeyOf(Positional(longest, {}), ResultFormat::kJson).empty());
  EXPECT_TRUE(CacheKeyOf(Positional(longest + 'x', {}), ResultFormat::kJson).empty());
  EXPECT_TRUE(CacheKeyOf(Positional("q", {Value(longest)}), ResultFormat::kJson).empty());
  EXPECT_TRUE(CacheKeyOf(Named("q", {{"a", Value(longest)}}), ResultFormat::kJson).empty());
}

TEST(ForgetCost, LeavesEverythingElse) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"data":[],"row_count":0,"execution_time_ms":12})",
       R"({"data":[],"row_count":0,"execution_time_ms":0})"},
      {R"({"data":[],"row_count":0,"execution_time_ms":12,"consumed_rcu":1.5})",
       R"({"data":[],"row_count":0,"execution_time_ms":0})"},
      {R"({"data":[],"row_count":0,"execution_time_ms":1,"consumed_rcu":1e+20,"warnings":["a","b"]})",
       R"({"data":[],"row_count":0,"execution_time_ms":0,"warnings":["a","b"]})"},
      // Columns and warnings may have any name and text.
      {R"({"data":[{"a":1,"execution_time_ms":7,"consumed_rcu":8}],"row_count":1,"execution_time_ms":3})",
       R"({"data":[{"a":1,"execution_time_ms":7,"consumed_rcu":8}],"row_count":1,"execution_time_ms":0})"},
      {R"({"data":[],"row_count":0,"execution_time_ms":3,"warnings":["x,\"execution_time_ms\":9"]})",
       R"({"data":[],"row_count":0,"execution_time_ms":0,"warnings":["x,\"execution_time_ms\":9"]})"},
  };
  for (const auto& [body, expected] : cases) {
    std::string changed = body;
    ForgetCost(ResultFormat::kSqlV1Json, changed);
    EXPECT_EQ(changed, expected);
    changed = body;
    ForgetCost(ResultFormat::kJson, changed);
    EXPECT_EQ(changed, body);
  }
}

}  // namespace
}  // namespace sumac::server
