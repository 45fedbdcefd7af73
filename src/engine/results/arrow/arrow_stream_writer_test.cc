#include "engine/results/arrow/arrow_stream_writer.h"

#include <gmock/gmock.h>

#include "engine/results/arrow/read_stream.h"
#include "engine/results/rendered_query.h"

namespace sumac::engine {
namespace {

std::vector<std::vector<duckdb::Value>> RowsOfQuery(const std::string& sql) {
  duckdb::Connection connection(TestDatabase());
  auto result = connection.Query(sql);
  EXPECT_FALSE(result->HasError()) << result->GetError();
  std::vector<std::vector<duckdb::Value>> rows;
  for (duckdb::idx_t row = 0; row < result->RowCount(); ++row) {
    auto& values = rows.emplace_back();
    for (duckdb::idx_t column = 0; column < result->ColumnCount(); ++column) {
      values.push_back(result->GetValue(column, row));
    }
  }
  return rows;
}

// What is read back has to print as what was written does.
void ExpectRoundTrip(const std::string& sql, ResultWriterOptions options = {}) {
  const auto rendered = RenderQuery(sql, ResultFormat::kArrowStream, std::move(options));
  const auto messages = ReadStream(rendered.text);
  ASSERT_FALSE(messages.empty());
  const auto fields = FieldsOf(messages.front());
  const auto rows = RowsOf(messages, fields);
  const auto expected = RowsOfQuery(sql);
  ASSERT_EQ(rows.size(), expected.size()) << sql;
  EXPECT_EQ(rendered.rows_shown, expected.size());
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t column = 0; column < fields.size(); ++column) {
      ASSERT_EQ(rows[row][column].ToString(), expected[row][column].ToString())
          << sql << " row " << row << " column " << column;
    }
  }
}

constexpr const char* kExpressions[] = {
    "NULL",
    "true",
    "(-128)::TINYINT",
    "(-32768)::SMALLINT",
    "2147483647::INTEGER",
    "(-9223372036854775807)::BIGINT",
    "255::UTINYINT",
    "65535::USMALLINT",
    "4294967295::UINTEGER",
    "18446744073709551615::UBIGINT",
    "(-12345678901234567890123456789012345678)::HUGEINT",
    "12345678901234567890123456789012345678::UHUGEINT",
    "1.5::FLOAT",
    "'nan'::DOUBLE",
    "(-1e308)::DOUBLE",
    "12.34::DECIMAL(4, 2)",
    "(-1234567.89)::DECIMAL(9, 2)",
    "123456789012345.678::DECIMAL(18, 3)",
    "(-12345678901234567890123456789012345.678)::DECIMAL(38, 3)",
    "'text with \u00e9 and \U0001F600'",
    "''",
    "'a\\x00b'::BLOB",
    "DATE '1969-12-31'",
    "TIME '23:59:59.999999'",
    "'23:59:59.123456789'::TIME_NS",
    "TIMETZ '12:00:00+02'",
    "TIMESTAMP '2024-02-29 12:34:56.789012'",
    "TIMESTAMP '2024-02-29 12:34:56.789012345'::TIMESTAMP_NS",
    "TIMESTAMPTZ '2024-02-29 12:34:56.789012+00'",
    "INTERVAL '3 months 4 days 5 microseconds'",
    "INTERVAL '-2 years -100 hours'",
    "UUID '00112233-4455-6677-8899-aabbccddeeff'",
    "'b'::ENUM('a', 'b')",
    "'0101'::BIT",
    "[1, NULL, 3]",
    "[]::INTEGER[]",
    "[['a', NULL], NULL, []]",
    "['a', 'b']::ENUM('a', 'b')[]",
    "[1.5, NULL, 2.5]::DOUBLE[3]",
    "{'a': 1, 'b': {'c': 'x', 'd': [1, 2]}}",
    "{'a': NULL::VARCHAR}",
    "MAP {'k': 1, 'l': NULL}",
    "MAP {1: [{'a': 'x'}]}",
    "MAP {}::MAP(VARCHAR, BIGINT)",
    "'{\"a\": [1, 2]}'::JSON",
};

TEST(ArrowStream, HoldsEveryType) {
  for (const char* expression : kExpressions) {
    ExpectRoundTrip(std::string("SELECT ") + expression + " AS v");
    ExpectRoundTrip(std::string("SELECT v FROM (VALUES (NULL), (") + expression +
                    "), (NULL)) AS t(v)");
    ExpectRoundTrip(std::string("SELECT v FROM (VALUES (NULL), (") + expression +
                    "), (NULL)) AS t(v), range(1500)");
    ExpectRoundTrip(std::string("SELECT [") + expression + "] AS v, {'m': " + expression +
                    "} AS s FROM range(3)");
  }
}

TEST(ArrowStream, KeepsWhatDiffersFromRowToRow) {
  ExpectRoundTrip(
      "SELECT i, i % 2 = 0, i::VARCHAR, repeat('x', (i % 50)::INTEGER), "
      "CASE WHEN i % 7 = 0 THEN NULL ELSE [i, i + 1] END, {'a': i, 'b': [i::VARCHAR]}, "
      "MAP {i: i::DOUBLE}, i::DECIMAL(9, 2) FROM range(20000) AS t(i)");
  // Rows that a filter selects come as a selection of a vector.
  ExpectRoundTrip(
      "SELECT * FROM (SELECT i, [i::VARCHAR, 'x'] AS l, {'a': i} AS s "
      "FROM range(10000) AS t(i)) WHERE i % 3 = 1");
}

TEST(ArrowStream, IsASchemaAndAnEndWithoutRows) {
  const auto rendered =
      RenderQuery("SELECT 1 AS a, 'x' AS b WHERE false", ResultFormat::kArrowStream);
  const auto messages = ReadStream(rendered.text);
  ASSERT_EQ(messages.size(), 1U);
  const auto fields = FieldsOf(messages.front());
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0].name, "a");
  EXPECT_EQ(fields[1].type, duckdb::LogicalType::VARCHAR);
}

TEST(ArrowStream, BatchesHaveBoundedBytes) {
  ResultWriterOptions options;
  options.drain_bytes = 100'000;
  const std::string sql =
      "SELECT i, repeat('x', 1000 + (i % 7)::INTEGER) AS v, [repeat('y', 500)] AS l "
      "FROM range(3000) AS t(i)";
  const auto rendered = RenderQuery(sql, ResultFormat::kArrowStream, options);
  const auto messages = ReadStream(rendered.text);
  EXPECT_GE(messages.size(), 46U);
  for (size_t i = 1; i < messages.size(); ++i) EXPECT_LT(messages[i].body.size(), 101'000U);
  ExpectRoundTrip(sql, options);
  // A row is never split.
  options.drain_bytes = 100;
  ExpectRoundTrip("SELECT repeat('x', 1000) AS v FROM range(5)", options);
}

TEST(ArrowStream, WhatDoesNotFitArrowIsAnError) {
  const auto write = [](const std::string& sql) {
    duckdb::Connection connection(TestDatabase());
    auto result = connection.Query(sql);
    std::string sink;
    auto writer = MakeResultWriter(ResultFormat::kArrowStream, {}, sink);
    EXPECT_TRUE(writer->Begin({{"v", result->types[0]}}).has_value());
    auto chunk = result->Fetch();
    const Status written = writer->Write(*chunk);
    return written ? std::string() : written.error().message;
  };
  EXPECT_THAT(write("SELECT to_hours(2562048)"), testing::HasSubstr("292 years"));
  EXPECT_THAT(write("SELECT [to_hours(2562048)]"), testing::HasSubstr("292 years"));
  EXPECT_THAT(write("SELECT 340282366920938463463374607431768211455::UHUGEINT"),
              testing::HasSubstr("out of range"));
  EXPECT_EQ(write("SELECT to_hours(2562047)"), "");
}

TEST(ArrowStream, AClientThatIsGoneEndsIt) {
  duckdb::Connection connection(TestDatabase());
  auto result = connection.Query("SELECT repeat('x', 1000) FROM range(1000)");
  std::string sink;
  ResultWriterOptions options;
  options.drain_bytes = 10'000;
  options.drain = [] { return Fail(CancelledError("gone")); };
  auto writer = MakeResultWriter(ResultFormat::kArrowStream, options, sink);
  ASSERT_TRUE(writer->Begin({{"v", result->types[0]}}).has_value());
  auto chunk = result->Fetch();
  const Status written = writer->Write(*chunk);
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().message, "gone");
  EXPECT_LT(sink.size(), 50'000U);
}

}  // namespace
}  // namespace sumac::engine
