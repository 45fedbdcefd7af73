#include "engine/results/result_writer.h"

#include "engine/results/json_writer.h"
#include "engine/results/rendered_query.h"

namespace sumac::engine {
namespace {

constexpr char kTwoRows[] = "SELECT * FROM (VALUES (1, 'x'), (2, NULL)) t(a, b) ORDER BY a";

TEST(ResultWriter, WritesEachFormat) {
  EXPECT_EQ(RenderQuery(kTwoRows, ResultFormat::kJson).text, R"([{"a":1,"b":"x"},{"a":2}])");
  EXPECT_EQ(RenderQuery(kTwoRows, ResultFormat::kJsonLines).text,
            "{\"a\":1,\"b\":\"x\"}\n{\"a\":2}\n");
  EXPECT_EQ(RenderQuery(kTwoRows, ResultFormat::kCsv).text, "a,b\n1,x\n2,\n");
  EXPECT_EQ(RenderQuery(kTwoRows, ResultFormat::kTable).text,
            "+---+---+\n"
            "| a | b |\n"
            "+---+---+\n"
            "| 1 | x |\n"
            "| 2 |   |\n"
            "+---+---+\n");
}

TEST(ResultWriter, WritesTheEnvelope) {
  ResultWriterOptions options;
  options.elapsed_ms = [] { return 7; };
  EXPECT_EQ(
      RenderQuery("SELECT 1::BIGINT AS a", ResultFormat::kSqlV1Json, options).text,
      R"({"schema":{"fields":[{"name":"a","data_type":"Int64","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}}],"metadata":{}},"data":[{"a":1}],"row_count":1,"execution_time_ms":7})");
  for (const auto& [units, end] :
       {std::pair(0.0, R"("execution_time_ms":7})"),
        std::pair(12.5, R"("execution_time_ms":7,"consumed_rcu":12.5})")}) {
    options.consumed_read_units = [read = units] { return read; };
    EXPECT_TRUE(
        RenderQuery("SELECT 1 AS a", ResultFormat::kSqlV1Json, options).text.ends_with(end));
  }
}

TEST(ResultWriter, AnEmptyResultIsAWholeDocument) {
  const std::string sql = "SELECT 1 AS a WHERE false";
  EXPECT_EQ(RenderQuery(sql, ResultFormat::kJson).text, "[]");
  EXPECT_EQ(RenderQuery(sql, ResultFormat::kJsonLines).text, "");
  EXPECT_EQ(RenderQuery(sql, ResultFormat::kCsv).text, "a\n");
  EXPECT_EQ(RenderQuery(sql, ResultFormat::kTable).text, "+---+\n| a |\n+---+\n+---+\n");
}

TEST(ResultWriter, SpansChunks) {
  const auto json = RenderQuery("SELECT i FROM range(5000) t(i)", ResultFormat::kJsonLines);
  EXPECT_EQ(json.rows_total, 5000u);
  EXPECT_EQ(json.rows_shown, 5000u);
  EXPECT_NE(json.text.find("{\"i\":2047}\n{\"i\":2048}\n"), std::string::npos);
}

TEST(CsvWriter, QuotesWhatNeedsIt) {
  EXPECT_EQ(RenderQuery("SELECT 'a,b' AS \"x,y\", 'say \"hi\"' AS q, 'l1' || chr(10) || 'l2' AS n, "
                        "'' AS e, NULL AS z, ' s ' AS s",
                        ResultFormat::kCsv)
                .text,
            "\"x,y\",q,n,e,z,s\n\"a,b\",\"say \"\"hi\"\"\",\"l1\nl2\",\"\",, s \n");
}

TEST(CsvWriter, WritesNestedValuesAsJson) {
  EXPECT_EQ(
      RenderQuery("SELECT [1, NULL] AS l, {'a': 'x', 'b': NULL::INT} AS s", ResultFormat::kCsv)
          .text,
      "l,s\n\"[1,null]\",\"{\"\"a\"\":\"\"x\"\",\"\"b\"\":null}\"\n");
}

TEST(JsonWriter, MakesMemberNamesUnique) {
  const auto unique = [](const std::vector<std::string>& names) {
    std::vector<ResultColumn> columns;
    for (const auto& name : names) columns.push_back({name, duckdb::LogicalType::BIGINT});
    return UniqueMemberNames(columns);
  };
  EXPECT_EQ(unique({"a", "b"}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(unique({"a", "a", "A", "a"}), (std::vector<std::string>{"a", "a_1", "A", "a_2"}));
  EXPECT_EQ(unique({"a", "a", "a_1"}), (std::vector<std::string>{"a", "a_2", "a_1"}));
  EXPECT_EQ(unique({"a", "a_2", "a", "a", "b", "b"}),
            (std::vector<std::string>{"a", "a_2", "a_1", "a_3", "b", "b_1"}));
  // Each name is looked for from where the last one was found.
  const auto many = unique(std::vector<std::string>(200'000, "a"));
  EXPECT_EQ(many.back(), "a_199999");
}

}  // namespace
}  // namespace sumac::engine
