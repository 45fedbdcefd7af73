#include "server/flight/prepared_statements.h"

#include <gmock/gmock.h>

namespace sumac::server {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

TEST(PreparedStatements, AreFoundUntilTheyAreClosed) {
  ManualClock clock;
  PreparedStatements statements(clock);
  const std::string handle = statements.Add({"SELECT $1", {{"1", LogicalType::UNKNOWN}}, {}});
  ASSERT_TRUE(statements.Find(handle).has_value());
  EXPECT_EQ(statements.Find(handle)->sql, "SELECT $1");
  engine::QueryParameters values;
  values.positional = {Value("x")};
  EXPECT_TRUE(statements.Bind(handle, values, 8).has_value());
  EXPECT_EQ(statements.Find(handle)->values.positional, values.positional);
  statements.Close(handle);
  statements.Close(handle);
  EXPECT_EQ(statements.Find(handle).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(statements.Bind(handle, values, 8).error().code, ErrorCode::kNotFound);
}

TEST(PreparedStatements, AreForgottenWhenNobodyUsesThem) {
  ManualClock clock;
  PreparedStatements statements(clock);
  const std::string used = statements.Add({"SELECT 1", {}, {}});
  const std::string unused = statements.Add({"SELECT 2", {}, {}});
  clock.Advance(std::chrono::minutes(50));
  EXPECT_TRUE(statements.Find(used).has_value());
  clock.Advance(std::chrono::minutes(20));
  EXPECT_TRUE(statements.Find(used).has_value());
  EXPECT_FALSE(statements.Find(unused).has_value());
  EXPECT_EQ(statements.size(), 1U);
}

TEST(PreparedStatements, HaveBounds) {
  ManualClock clock;
  PreparedStatements statements(clock, {3, 100, std::chrono::hours(1)});
  const std::string first = statements.Add({"SELECT 1", {}, {}});
  const std::string second = statements.Add({"SELECT 2", {}, {}});
  statements.Add({"SELECT 3", {}, {}});
  EXPECT_TRUE(statements.Find(first).has_value());
  statements.Add({"SELECT 4", {}, {}});
  EXPECT_EQ(statements.size(), 3U);
  EXPECT_TRUE(statements.Find(first).has_value());
  EXPECT_FALSE(statements.Find(second).has_value());
  const std::string large = statements.Add({std::string(200, 'x'), {}, {}});
  EXPECT_EQ(statements.size(), 1U);
  EXPECT_TRUE(statements.Find(large).has_value());
  // What is bound counts, and no more than once.
  const std::string bound = statements.Add({"SELECT $1", {}, {}});
  EXPECT_EQ(statements.size(), 1U);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(statements.Bind(bound, {}, 60).has_value());
  const std::string next = statements.Add({"SELECT 5", {}, {}});
  EXPECT_EQ(statements.size(), 2U);
  ASSERT_TRUE(statements.Bind(bound, {}, 1000).has_value());
  EXPECT_FALSE(statements.Find(next).has_value());
  EXPECT_TRUE(statements.Find(bound).has_value());
}

// "1=a 2=b" or "name=a", or "error: ...".
std::string Match(const std::vector<std::string>& parameters,
                  const std::vector<std::string>& names) {
  PreparedStatement statement;
  for (const auto& name : parameters) statement.parameters.push_back({name, LogicalType::VARCHAR});
  duckdb::vector<Value> values;
  for (size_t i = 0; i < names.size(); ++i)
    values.emplace_back(std::string(1, static_cast<char>('a' + i)));
  const auto matched = MatchParameters(statement, names, values);
  if (!matched) return "error: " + matched.error().message;
  std::string text;
  for (size_t i = 0; i < matched->positional.size(); ++i) {
    text +=
        (text.empty() ? "" : " ") + std::to_string(i + 1) + '=' + matched->positional[i].ToString();
  }
  for (const auto& parameter : parameters) {
    const auto found = matched->named.find(parameter);
    if (found != matched->named.end()) {
      text += (text.empty() ? "" : " ") + parameter + '=' + found->second.ToString();
    }
  }
  return text;
}

TEST(MatchParameters, TakesNumbersNamesOrPlaces) {
  EXPECT_EQ(Match({}, {}), "");
  EXPECT_EQ(Match({"1", "2"}, {"$1", "$2"}), "1=a 2=b");
  EXPECT_EQ(Match({"1", "2"}, {"$2", "$1"}), "1=b 2=a");
  EXPECT_EQ(Match({"1", "2"}, {"parameter_1", "parameter_2"}), "1=a 2=b");
  EXPECT_EQ(Match({"1", "2"}, {"", ""}), "1=a 2=b");
  EXPECT_EQ(Match({"id", "low"}, {"low", "id"}), "id=b low=a");
  EXPECT_EQ(Match({"id", "low"}, {"$low", "$ID"}), "id=b low=a");
  EXPECT_EQ(Match({"id", "low"}, {"0", "1"}), "id=a low=b");
}

TEST(MatchParameters, SaysWhatIsWrong) {
  EXPECT_EQ(Match({"1"}, {}), "error: The statement has 1 parameters, and 0 were given.");
  EXPECT_EQ(Match({}, {"$1"}), "error: The statement has 0 parameters, and 1 were given.");
  EXPECT_EQ(Match({"1", "2"}, {"$1", "$3"}),
            "error: The parameters are not numbered from $1 to $2.");
  EXPECT_EQ(Match({"1", "2"}, {"$1", "$1"}),
            "error: The parameters are not numbered from $1 to $2.");
  EXPECT_EQ(Match({"1"}, {"$0"}), "error: The parameters are not numbered from $1 to $1.");
  EXPECT_EQ(Match({"1"}, {"$99999999999999999999"}),
            "error: The parameters are not numbered from $1 to $1.");
  EXPECT_EQ(Match({"id", "low"}, {"id", "high"}),
            "error: The statement's parameter $low was not given.");
}

}  // namespace
}  // namespace sumac::server
