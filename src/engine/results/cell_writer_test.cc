// The text of single cells, type by type, as JSON and as bare text.
#include "engine/results/cell_writer.h"

#include "engine/results/rendered_query.h"

namespace sumac::engine {
namespace {

struct Case {
  const char* expression;
  const char* json;
  const char* text;
};

constexpr Case kCases[] = {
    {"true", "true", "true"},
    {"(-128)::TINYINT", "-128", "-128"},
    {"9223372036854775807", "9223372036854775807", "9223372036854775807"},
    {"18446744073709551615::UBIGINT", "18446744073709551615", "18446744073709551615"},
    {"170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727",
     "170141183460469231731687303715884105727"},
    {"'-170141183460469231731687303715884105728'::HUGEINT",
     "-170141183460469231731687303715884105728", "-170141183460469231731687303715884105728"},
    {"'340282366920938463463374607431768211455'::UHUGEINT",
     "340282366920938463463374607431768211455", "340282366920938463463374607431768211455"},
    {"123456789012345678901234567890::BIGNUM", R"("123456789012345678901234567890")",
     "123456789012345678901234567890"},
    {"0.05::DECIMAL(2,2)", "0.05", "0.05"},
    {"-0.05::DECIMAL(4,2)", "-0.05", "-0.05"},
    {"0::DECIMAL(4,2)", "0.00", "0.00"},
    {"12.5::DECIMAL(9,1)", "12.5", "12.5"},
    {"123456789012.345678::DECIMAL(18,6)", "123456789012.345678", "123456789012.345678"},
    {"'-99999999999999999999999999999999999.999'::DECIMAL(38,3)",
     "-99999999999999999999999999999999999.999", "-99999999999999999999999999999999999.999"},
    {"7::DECIMAL(38,0)", "7", "7"},
    {"1::DOUBLE", "1.0", "1.0"},
    {"-0.0::DOUBLE", "-0.0", "-0.0"},
    {"0.1::DOUBLE", "0.1", "0.1"},
    {"100000::DOUBLE", "100000.0", "100000.0"},
    {"1e20::DOUBLE", "1e+20", "1e+20"},
    {"1e-7::DOUBLE", "1e-07", "1e-07"},
    {"9007199254740993::DOUBLE", "9007199254740992.0", "9007199254740992.0"},
    {"0.1::FLOAT", "0.1", "0.1"},
    {"3.4028235e38::FLOAT", "3.4028235e+38", "3.4028235e+38"},
    {"'nan'::DOUBLE", "null", "NaN"},
    {"'-inf'::FLOAT", "null", "-inf"},
    {"'abc'", R"("abc")", "abc"},
    {"'a\"b\\c' || chr(10) || chr(1)", R"("a\"b\\c\n\u0001")", "a\"b\\c\n\x01"},
    {"'gr\u00fc\u00df \U0001F600'", "\"gr\u00fc\u00df \U0001F600\"", "gr\u00fc\u00df \U0001F600"},
    {"'{\"a\": 1}'::JSON", R"("{\"a\": 1}")", R"({"a": 1})"},
    {"'\\x00\\xFFA'::BLOB", R"("00ff41")", "00ff41"},
    {"'0101'::BIT", R"("0101")", "0101"},
    {"'b\"'::ENUM('a', 'b\"')", R"("b\"")", "b\""},
    {"'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID", R"("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")",
     "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {"DATE '2024-02-29'", R"("2024-02-29")", "2024-02-29"},
    {"DATE '0044-03-15 (BC)'", R"("-0043-03-15")", "-0043-03-15"},
    {"DATE '12024-01-01'", R"("+12024-01-01")", "+12024-01-01"},
    {"DATE 'infinity'", R"("infinity")", "infinity"},
    {"TIME '12:34:56'", R"("12:34:56")", "12:34:56"},
    {"TIME '12:34:56.5'", R"("12:34:56.500")", "12:34:56.500"},
    {"TIME '24:00:00'", R"("24:00:00")", "24:00:00"},
    {"'12:34:56.123456-02:30'::TIMETZ", R"("12:34:56.123456-02:30")", "12:34:56.123456-02:30"},
    {"TIMESTAMP '2019-01-01 00:00:00'", R"("2019-01-01T00:00:00")", "2019-01-01T00:00:00"},
    {"TIMESTAMP '2019-01-01 00:00:00.123'", R"("2019-01-01T00:00:00.123")",
     "2019-01-01T00:00:00.123"},
    {"TIMESTAMP '1969-12-31 23:59:59.999999'", R"("1969-12-31T23:59:59.999999")",
     "1969-12-31T23:59:59.999999"},
    {"TIMESTAMPTZ '2019-01-01 00:00:00.123+02'", R"("2018-12-31T22:00:00.123Z")",
     "2018-12-31T22:00:00.123Z"},
    {"TIMESTAMPTZ '-infinity'", R"("-infinity")", "-infinity"},
    {"'2019-01-01 00:00:01'::TIMESTAMP_S", R"("2019-01-01T00:00:01")", "2019-01-01T00:00:01"},
    {"'2019-01-01 00:00:01.25'::TIMESTAMP_MS", R"("2019-01-01T00:00:01.250")",
     "2019-01-01T00:00:01.250"},
    {"'2019-01-01 00:00:01.000000001'::TIMESTAMP_NS", R"("2019-01-01T00:00:01.000000001")",
     "2019-01-01T00:00:01.000000001"},
    {"INTERVAL '1 month 2 days 3 hours'", R"("1 month 2 days 03:00:00")",
     "1 month 2 days 03:00:00"},
    {"[1, NULL, 3]", "[1,null,3]", "[1, , 3]"},
    {"[]::BIGINT[]", "[]", "[]"},
    {"[['a'], [], NULL]", R"([["a"],[],null])", "[[a], [], ]"},
    {"[1.5, 2]::DOUBLE[2]", "[1.5,2.0]", "[1.5, 2.0]"},
    {"{'a': 1, 'b': 'x'}", R"({"a":1,"b":"x"})", "{a: 1, b: x}"},
    {"{'a': NULL::INT, 'b': 'x'}", R"({"b":"x"})", "{a: , b: x}"},
    {"{'a': NULL::INT}", "{}", "{a: }"},
    {"row(1, 'x')", R"({"c0":1,"c1":"x"})", "{c0: 1, c1: x}"},
    {"[{'a': 1}, NULL, {'a': NULL}]", R"([{"a":1},null,{}])", "[{a: 1}, , {a: }]"},
    {"MAP {'k\"': 1, 'l': NULL}", R"({"k\"":1,"l":null})", "{k\": 1, l: }"},
    {"MAP {1.5::DOUBLE: [1]}", R"({"1.5":[1]})", "{1.5: [1]}"},
    {"MAP {{'a': 'x'}: 1}", R"({"{\"a\":\"x\"}":1})", "{{a: x}: 1}"},
    {"union_value(num := 1)::UNION(num INT, str VARCHAR)", R"({"num":1})", "{num=1}"},
    {"'x'::UNION(num INT, str VARCHAR)", R"({"str":"x"})", "{str=x}"},
};

TEST(CellWriter, WritesEveryType) {
  for (const Case& test : kCases) {
    const std::string sql = std::string("SELECT ") + test.expression + " AS v";
    const std::string json = RenderQuery(sql, ResultFormat::kJson).text;
    EXPECT_EQ(json, std::string("[{\"v\":") + test.json + "}]") << sql;

    duckdb::Connection connection(TestDatabase());
    auto result = connection.Query(sql);
    ASSERT_FALSE(result->HasError()) << sql << result->GetError();
    auto chunk = result->Fetch();
    auto writer = MakeCellWriter(result->types[0], CellStyle::kText);
    writer->Bind(chunk->data[0], chunk->size());
    std::string text;
    writer->Append(0, text);
    EXPECT_EQ(text, test.text) << sql;
  }
}

TEST(CellWriter, EveryTypeCanBeNull) {
  for (const Case& test : kCases) {
    const std::string sql =
        std::string("FROM (VALUES (NULL), (") + test.expression + "), (NULL)) t(v)";
    EXPECT_EQ(RenderQuery(sql, ResultFormat::kJson).text,
              std::string("[{},{\"v\":") + test.json + "},{}]")
        << sql;
  }
}

TEST(CellWriter, KeepsNullsWhenAsked) {
  ResultWriterOptions options;
  options.keep_nulls = true;
  EXPECT_EQ(
      RenderQuery("SELECT NULL AS a, {'b': NULL::INT} AS s", ResultFormat::kJson, options).text,
      R"([{"a":null,"s":{"b":null}}])");
}

}  // namespace
}  // namespace sumac::engine
