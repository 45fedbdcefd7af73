#include "datasets/dynamodb_parameters.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

using testing::HasSubstr;
using testing::Not;

Result<DynamoDbParameters> Parse(const std::map<std::string, std::string>& texts) {
  std::map<std::string, SecretString> parameters;
  for (const auto& [name, text] : texts) parameters[name] = SecretString(text);
  return ParseDynamoDbParameters(parameters);
}

TEST(DynamoDbParametersTest, ReadsEach) {
  const auto parsed = Parse({{"aws_region", "us-west-2"},
                             {"aws_access_key_id", "AKID"},
                             {"aws_secret_access_key", "secret"},
                             {"aws_session_token", "token"},
                             {"endpoint_url", "http://localhost:8000"},
                             {"schema_infer_max_records", "50"},
                             {"scan_segments", "7"},
                             {"scan_concurrency", "3"},
                             {"consistent_read", "true"},
                             {"compression", "on"},
                             {"number_type", "decimal"},
                             {"on_type_mismatch", "error"},
                             {"time_format", "2006-01-02"},
                             {"unnest_depth", "2"},
                             {"schema_refresh_interval", "1h30m"}});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->region, "us-west-2");
  EXPECT_EQ(parsed->credentials.keys.access_key_id, "AKID");
  EXPECT_EQ(parsed->credentials.keys.secret_access_key.Reveal(), "secret");
  EXPECT_EQ(parsed->credentials.keys.session_token.Reveal(), "token");
  EXPECT_EQ(parsed->endpoint_url, "http://localhost:8000");
  EXPECT_EQ(parsed->schema_infer_max_records, 50u);
  EXPECT_EQ(parsed->scan_segments, 7);
  EXPECT_EQ(parsed->scan_concurrency, 3);
  EXPECT_TRUE(parsed->consistent_read);
  EXPECT_EQ(parsed->compression, dynamodb::Compression::kOn);
  EXPECT_EQ(parsed->schema.number_type, items::NumberType::kDecimal);
  EXPECT_EQ(parsed->schema.on_type_mismatch, items::MismatchAction::kError);
  EXPECT_NE(parsed->schema.time_layout, nullptr);
  EXPECT_EQ(parsed->schema.unnest_depth, 2);
  EXPECT_EQ(parsed->schema_refresh_interval, std::chrono::minutes(90));
}

TEST(DynamoDbParametersTest, ReadsHowMuchCapacityMayBeTaken) {
  const std::tuple<const char*, double, bool> cases[] = {{"500", 500, false},
                                                         {"0.5", 0.5, false},
                                                         {"50%", 50, true},
                                                         {"100%", 100, true},
                                                         {"12.5%", 12.5, true}};
  for (const auto& [text, amount, is_percent] : cases) {
    const auto parsed = Parse({{"read_capacity", text}});
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_TRUE(parsed->read_capacity);
    EXPECT_EQ(parsed->read_capacity->amount, amount);
    EXPECT_EQ(parsed->read_capacity->is_percent, is_percent);
  }
  for (const char* text : {"", "%", "0", "0%", "-1", "101%", "50 %", "half", "nan", "inf", "1e3",
                           "5RCU", "99999999999"}) {
    const auto parsed = Parse({{"read_capacity", text}});
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message,
              "parameter 'read_capacity' takes a share of the table's throughput such as 50% or "
              "read units a second such as 500, not '" +
                  std::string(text) + "'");
  }
}

TEST(DynamoDbParametersTest, ReadsWhatAQueryMayCost) {
  const auto given = Parse({{"query_budget_rcu", "10000"},
                            {"query_budget_dollars", "0.05"},
                            {"allow_full_scan", "false"},
                            {"read_price_per_million", "0"}});
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->query_budget.read_units, 10'000);
  EXPECT_EQ(given->query_budget.dollars, 0.05);
  EXPECT_FALSE(given->query_budget.allow_full_scan);
  EXPECT_EQ(given->read_price_per_million, 0);
  for (const auto& none :
       {Parse({}), Parse({{"query_budget_rcu", "none"}, {"query_budget_dollars", "none"}})}) {
    ASSERT_TRUE(none);
    EXPECT_EQ(none->query_budget.read_units, std::nullopt);
    EXPECT_EQ(none->query_budget.dollars, std::nullopt);
    EXPECT_TRUE(none->query_budget.allow_full_scan);
    EXPECT_EQ(none->read_price_per_million, std::nullopt);
  }
}

TEST(DynamoDbParametersTest, WordsStandForNoNumber) {
  const auto parsed = Parse({{"schema_infer_max_records", "all"},
                             {"scan_segments", "auto"},
                             {"scan_concurrency", "auto"}});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->schema_infer_max_records, std::nullopt);
  EXPECT_EQ(parsed->scan_segments, std::nullopt);
  EXPECT_EQ(parsed->scan_concurrency, std::nullopt);
}

TEST(DynamoDbParametersTest, SaysWhatAParameterTakes) {
  const std::pair<std::map<std::string, std::string>, std::string> cases[] = {
      {{{"scan_segments", "0"}},
       "parameter 'scan_segments' takes an integer from 1 to 1000000 or 'auto', not '0'"},
      {{{"scan_segments", "1000001"}}, "parameter 'scan_segments' takes..."},
      {{{"scan_segments", ""}}, "parameter 'scan_segments' takes..."},
      {{{"scan_concurrency", "257"}},
       "parameter 'scan_concurrency' takes an integer from 1 to 256 or 'auto', not '257'"},
      {{{"schema_infer_max_records", "ten"}}, "parameter 'schema_infer_max_records' takes..."},
      {{{"schema_infer_max_records", "-1"}}, "parameter 'schema_infer_max_records' takes..."},
      {{{"consistent_read", "yes"}}, "parameter 'consistent_read' takes true or false, not 'yes'"},
      {{{"query_budget_rcu", "0"}},
       "parameter 'query_budget_rcu' takes read units from 0.5, such as 10000, or 'none', not '0'"},
      {{{"query_budget_rcu", "nan"}}, "parameter 'query_budget_rcu' takes..."},
      {{{"query_budget_dollars", "$5"}},
       "parameter 'query_budget_dollars' takes dollars above 0, such as 0.05, or 'none', not '$5'"},
      {{{"query_budget_dollars", "-1"}}, "parameter 'query_budget_dollars' takes..."},
      {{{"allow_full_scan", "no"}}, "parameter 'allow_full_scan' takes true or false, not 'no'"},
      {{{"read_price_per_million", "none"}},
       "parameter 'read_price_per_million' takes dollars for a million read units, such as 0.125, "
       "not 'none'"},
      {{{"compression", "gzip"}}, "parameter 'compression' takes auto, on or off, not 'gzip'"},
      {{{"number_type", "float"}},
       "parameter 'number_type' takes auto, double, decimal or string, not 'float'"},
      {{{"on_type_mismatch", ""}}, "parameter 'on_type_mismatch' takes null or error, not ''"},
      {{{"unnest_depth", "all"}},
       "parameter 'unnest_depth' takes an integer from 0 to 32, not 'all'"},
      {{{"time_format", "yyyy-MM-dd"}}, "parameter 'time_format': ..."},
      {{{"schema_refresh_interval", "999ms"}},
       "parameter 'schema_refresh_interval' takes a duration from 1s to 365d, such as 10m, not "
       "'999ms'"},
      {{{"schema_refresh_interval", "366d"}}, "parameter 'schema_refresh_interval' takes..."},
      {{{"schema_refresh_interval", "often"}}, "parameter 'schema_refresh_interval' takes..."},
      {{{"aws_access_key_id", "AKID"}}, "parameter 'dynamodb_aws_secret_access_key' is missing..."},
      {{{"aws_secret_access_key", "hunter2"}},
       "parameter 'dynamodb_aws_access_key_id' is missing..."},
  };
  for (const auto& [texts, message] : cases) {
    const auto parsed = Parse(texts);
    ASSERT_FALSE(parsed) << message;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(parsed.error().message, Not(HasSubstr("hunter2")));
    if (message.ends_with("...")) {
      EXPECT_THAT(parsed.error().message, HasSubstr(message.substr(0, message.size() - 3)));
    } else {
      EXPECT_EQ(parsed.error().message, message);
    }
  }
}

// The table in docs/parameters.md has what is acted on, under the name that one writes, and names
// what is only known.
TEST(DynamoDbParametersTest, DocumentationHasEach) {
  std::ifstream file(std::string(SUMAC_SOURCE_DIR) + "/docs/parameters.md");
  ASSERT_TRUE(file.is_open());
  std::set<std::string> rows;
  std::string text;
  for (std::string line; std::getline(file, line);) {
    text += line + "\n";
    if (line.starts_with("| `")) rows.insert(line.substr(3, line.find('`', 3) - 3));
  }
  using Prefix = spicepod::ParameterSpecification::Prefix;
  size_t acted_on = 0;
  for (const auto& parameter : DynamoDbParameterSpecifications()) {
    const std::string written =
        (parameter.prefix == Prefix::kRequired ? "dynamodb_" : "") + parameter.name;
    if (parameter.acted_on) {
      EXPECT_TRUE(rows.contains(written)) << written;
      ++acted_on;
    } else {
      EXPECT_FALSE(rows.contains(written)) << written;
      EXPECT_THAT(text, HasSubstr("`" + written + "`"));
    }
  }
  EXPECT_EQ(rows.size(), acted_on) << "docs/parameters.md has a parameter that does not exist";
}

}  // namespace
}  // namespace sumac::datasets
