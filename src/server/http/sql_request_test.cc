#include "server/http/sql_request.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

Result<SqlRequest> ParseJsonBody(const std::string& body) {
  return ParseSqlRequest("application/json", body);
}

TEST(ParseSqlRequest, TakesTextAsSql) {
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "text/json"}) {
    const auto request = ParseSqlRequest(type, R"({"sql": "x"})");
    ASSERT_TRUE(request.has_value()) << type;
    EXPECT_EQ(request->sql, R"({"sql": "x"})");
  }
}

TEST(ParseSqlRequest, TakesJson) {
  for (const char* type : {"application/json", "Application/JSON; charset=utf-8"}) {
    const auto request = ParseSqlRequest(
        type, R"( {"x": [{"sql": 1}], "sql": "select 1\n\u00e9", "y": {"parameters": [1]}} )");
    ASSERT_TRUE(request.has_value()) << request.error().message;
    EXPECT_EQ(request->sql, "select 1\n\u00e9");
    EXPECT_TRUE(request->parameters.positional.empty());
    EXPECT_TRUE(request->parameters.named.empty());
  }
}

struct ValueCase {
  const char* json;
  const char* type;
  const char* text;
};

constexpr ValueCase kValues[] = {
    {"null", "\"NULL\"", "NULL"},
    {"true", "BOOLEAN", "true"},
    {"0", "BIGINT", "0"},
    {"-9223372036854775808", "BIGINT", "-9223372036854775808"},
    {"9223372036854775807", "BIGINT", "9223372036854775807"},
    {"9223372036854775808", "HUGEINT", "9223372036854775808"},
    {"18446744073709551616", "HUGEINT", "18446744073709551616"},
    {"-9223372036854775809", "HUGEINT", "-9223372036854775809"},
    {"170141183460469231731687303715884105727", "HUGEINT",
     "170141183460469231731687303715884105727"},
    {"1.5", "DOUBLE", "1.5"},
    {"1e3", "DOUBLE", "1000.0"},
    {"0.1", "DOUBLE", "0.1"},
    {"\"12\"", "VARCHAR", "12"},
    {"\"\"", "VARCHAR", ""},
    {"\"\\ud83d\\ude00\"", "VARCHAR", "\U0001F600"},
};

TEST(ParseSqlRequest, KeepsParametersExact) {
  for (const ValueCase& test : kValues) {
    const auto request =
        ParseJsonBody(std::string(R"({"sql": "x", "parameters": [)") + test.json + "]}");
    ASSERT_TRUE(request.has_value()) << test.json << request.error().message;
    ASSERT_EQ(request->parameters.positional.size(), 1u) << test.json;
    EXPECT_EQ(request->parameters.positional[0].type().ToString(), test.type) << test.json;
    EXPECT_EQ(request->parameters.positional[0].ToString(), test.text) << test.json;
  }
}

TEST(ParseSqlRequest, TakesPositionalAndNamedParameters) {
  auto request = ParseJsonBody(R"({"parameters": [1, "b", null], "sql": "x"})");
  ASSERT_TRUE(request.has_value());
  ASSERT_EQ(request->parameters.positional.size(), 3u);
  EXPECT_EQ(request->parameters.positional[1].ToString(), "b");

  request = ParseJsonBody(R"({"sql": "x", "parameters": {"id": 7, "$name": "Ann"}})");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->parameters.named.at("id").ToString(), "7");
  EXPECT_EQ(request->parameters.named.at("name").ToString(), "Ann");

  for (const char* none : {"null", "[]", "{}"}) {
    request = ParseJsonBody(std::string(R"({"sql": "x", "parameters": )") + none + "}");
    ASSERT_TRUE(request.has_value()) << none;
    EXPECT_TRUE(request->parameters.positional.empty() && request->parameters.named.empty());
  }
}

TEST(ParseSqlRequest, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "Invalid JSON: "},
      {"{", "Invalid JSON: "},
      {"[]", "the body is an array"},
      {"\"select 1\"", "the body is not an object"},
      {"{}", "the member \"sql\" is missing"},
      {R"({"sql": 1})", "\"sql\" is not a string"},
      {R"({"sql": null})", "\"sql\" is not a string"},
      {R"({"sql": ["x"]})", "\"sql\" is not a string"},
      {R"({"sql": "x"} {})", "extra text after the object"},
      {R"({"sql": "x", "parameters": 1})", "\"parameters\" is neither an array nor an object"},
      {R"({"sql": "x", "parameters": [1, [2]]})", "parameter 2 is an array or an object"},
      {R"({"sql": "x", "parameters": {"a": {}}})", "parameter \"a\" is an array or an object"},
      {R"({"sql": "x", "parameters": {"a": 1, "A": 2}})", "given twice"},
      {R"({"sql": "x", "parameters": [1701411834604692317316873037158841057280]})",
       "does not fit 128 bits"},
      {R"({"sql": "x", "parameters": [1e999]})", "the number 1e999 is beyond every type"},
      {R"({"sql": "  \n"})", "The request has no SQL."},
      {R"({"sql": "a\u0000b"})", "not valid UTF-8"},
      {"{\"sql\": \"\xff\"}", "Invalid JSON: "},
  };
  for (const auto& [body, message] : cases) {
    const auto request = ParseJsonBody(body);
    ASSERT_FALSE(request.has_value()) << body;
    EXPECT_EQ(request.error().code, ErrorCode::kInvalidArgument) << body;
    EXPECT_NE(request.error().message.find(message), std::string::npos)
        << body << ": " << request.error().message;
  }
  EXPECT_FALSE(ParseSqlRequest("text/plain", " \n").has_value());
  EXPECT_FALSE(ParseSqlRequest("text/plain", "select '\xff'").has_value());
}

TEST(ParseSqlRequest, BoundsTheDepth) {
  const std::string deep(100000, '[');
  EXPECT_FALSE(ParseJsonBody(R"({"x": )" + deep).has_value());
}

}  // namespace
}  // namespace sumac::server
