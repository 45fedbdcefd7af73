#include "items/type_name.h"

#include <gtest/gtest.h>

namespace sumac::items {
namespace {

using duckdb::LogicalType;

struct GoodCase {
  const char* text;
  const char* type;  // as DuckDB prints it
};

const GoodCase kGood[] = {
    {"VARCHAR", "VARCHAR"},
    {" varchar(10) ", "VARCHAR"},
    {"String", "VARCHAR"},
    {"TEXT", "VARCHAR"},
    {"character varying", "VARCHAR"},
    {"BIGINT", "BIGINT"},
    {"INT8", "BIGINT"},
    {"int8", "BIGINT"},
    {"Int8", "TINYINT"},
    {" Int8 ", "TINYINT"},
    {"Int8[]", "BIGINT[]"},
    {"long", "BIGINT"},
    {"INT", "INTEGER"},
    {"integer", "INTEGER"},
    {"smallint", "SMALLINT"},
    {"tinyint", "TINYINT"},
    {"UTINYINT", "UTINYINT"},
    {"USMALLINT", "USMALLINT"},
    {"UINTEGER", "UINTEGER"},
    {"UBIGINT", "UBIGINT"},
    {"HUGEINT", "HUGEINT"},
    {"FLOAT", "FLOAT"},
    {"real", "FLOAT"},
    {"DOUBLE PRECISION", "DOUBLE"},
    {"DECIMAL", "DECIMAL(18,3)"},
    {"numeric(5)", "DECIMAL(5,0)"},
    {"DECIMAL(38, 10)", "DECIMAL(38,10)"},
    {"bool", "BOOLEAN"},
    {"BYTEA", "BLOB"},
    {"DATE", "DATE"},
    {"TIMESTAMP", "TIMESTAMP"},
    {"timestamp(6)", "TIMESTAMP"},
    {"timestamp without time zone", "TIMESTAMP"},
    {"TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITH TIME ZONE"},
    {"TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"},
    {"json", "JSON"},
    {"JSON[]", "JSON[]"},
    {"INT[][]", "INTEGER[][]"},
    {"VARCHAR ARRAY", "VARCHAR[]"},
    {"STRUCT(a INT, \"b c\" DECIMAL(5,2)[])", "STRUCT(a INTEGER, \"b c\" DECIMAL(5,2)[])"},
    {"row(\"x\"\"y,)(\" int)", "STRUCT(\"x\"\"y,)(\" INTEGER)"},
    {"STRUCT(\"a:b\" JSON)", "STRUCT(\"a:b\" JSON)"},
    {"STRUCT(\"--\" INT, \"/*;'\" INT)", "STRUCT(\"--\" INTEGER, \"/*;'\" INTEGER)"},
    {"MAP(VARCHAR, STRUCT(n INT)[])", "MAP(VARCHAR, STRUCT(n INTEGER)[])"},
    {"map(text, json)", "MAP(VARCHAR, JSON)"},
    {"Utf8", "VARCHAR"},
    {"utf8[]", "VARCHAR[]"},
    {"Int64", "BIGINT"},
    {"UInt8", "UTINYINT"},
    {"FLOAT64", "DOUBLE"},
    {"Float32", "FLOAT"},
    {"Binary", "BLOB"},
    {"Date32", "DATE"},
    {"Decimal128(38, 2)", "DECIMAL(38,2)"},
    {"decimal128( 5 ,0 )", "DECIMAL(5,0)"},
    {"Timestamp(\u00b5s)", "TIMESTAMP"},
    {"Timestamp(\u00b5s, \"+00:00\")", "TIMESTAMP WITH TIME ZONE"},
    {"timestamp(us, \"UTC\")", "TIMESTAMP WITH TIME ZONE"},
    {"Timestamp(Microsecond, None)", "TIMESTAMP"},
    {"Timestamp(Microsecond, Some(\"+00:00\"))", "TIMESTAMP WITH TIME ZONE"},
    {"List(Utf8)", "VARCHAR[]"},
    {"LIST( list( Int8 ) )", "TINYINT[][]"},
    {"List(STRUCT(a INT, b VARCHAR(3)))", "STRUCT(a INTEGER, b VARCHAR)[]"},
    {"Struct(\"a\": Int8, \"b c\": List(Struct(\"d\": Decimal128(38, 1))))",
     "STRUCT(a TINYINT, \"b c\" STRUCT(d DECIMAL(38,1))[])"},
    {"Struct(\"a\\\"\\\\\\n\": Utf8)", "STRUCT(\"a\"\"\\\n\" VARCHAR)"},
    {"Struct(\"\\u{e9}\\u{1f600}\": Utf8)", "STRUCT(\"\u00e9\U0001f600\" VARCHAR)"},
    {"Struct(\"a\": BIGINT, \"e\": STRUCT(\"x, y)\" INT))",
     "STRUCT(a BIGINT, e STRUCT(\"x, y)\" INTEGER))"},
    {"Map(\"entries\": non-null Struct(\"key\": non-null Utf8, \"value\": Int64), unsorted)",
     "MAP(VARCHAR, BIGINT)"},
};

TEST(TypeName, ReadsBothNotations) {
  for (const auto& good : kGood) {
    SCOPED_TRACE(good.text);
    const auto type = ParseTypeName(good.text);
    ASSERT_TRUE(type.has_value()) << type.error().message;
    EXPECT_EQ(type->ToString(), good.type);
  }
}

constexpr auto kInvalid = ErrorCode::kInvalidArgument;
constexpr auto kUnsupported = ErrorCode::kUnsupported;

struct BadCase {
  const char* text;
  ErrorCode code;
  const char* part_of_message;
};

const BadCase kBad[] = {
    {"", kInvalid, "syntax error"},
    {"()", kInvalid, "syntax error"},
    {"NUMBER", kInvalid, "no type `NUMBER`"},
    {"Utf8(3)", kInvalid, "no type `Utf8`"},
    {"main.json", kInvalid, "syntax error"},
    {"LIST", kInvalid, "LIST"},
    {"DECIMAL(39, 2)", kInvalid, "38"},
    {"DECIMAL(5, 6)", kInvalid, "Scale"},
    {"Decimal128(39, 2)", kInvalid, "1 to 38 digits"},
    {"Decimal128(5, 6)", kInvalid, "1 to 38 digits"},
    {"Decimal128(5, -1)", kInvalid, "a number is missing before `-1)`"},
    {"Decimal128(99999999999, 1)", kInvalid, "a number is missing"},
    {"STRUCT(a INT, A INT)", kInvalid, "Duplicate"},
    {"Struct(\"a\": Utf8, \"A\": Utf8)", kInvalid, "two fields \"A\""},
    {"Struct(\"\": Utf8)", kInvalid, "no name"},
    {"STRUCT(a INT", kInvalid, "do not match"},
    {"STRUCT(a INT))", kInvalid, "its end is missing before `)`"},
    {"List(Utf8", kInvalid, "`)` is missing at its end"},
    {"List(Utf8) x", kInvalid, "its end is missing before `x`"},
    {"Struct(\"a\": Utf8, )", kInvalid, "`\"` is missing before `)`"},
    {"Struct(\"a\": Utf8, \"b\\q\": Utf8)", kInvalid, "an escape like"},
    {"Struct(\"a\": Utf8, \"\\u{d800}\": Utf8)", kInvalid, "a code point"},
    {"\"unclosed", kInvalid, "quote"},
    // Nothing of these may end as the type that they begin with.
    {"INT, d INT", kInvalid, "its end is missing before `, d INT`"},
    {"STRUCT(a INT), d INT", kInvalid, "its end is missing"},
    {"INT) , d STRUCT(v INT", kInvalid, "its end is missing"},
    {"INT NOT NULL", kInvalid, "syntax error"},
    {"INT DEFAULT 5", kInvalid, "syntax error"},
    {"INT PRIMARY KEY", kInvalid, "syntax error"},
    {"VARCHAR COLLATE nocase", kInvalid, "syntax error"},
    {"INT; DROP TABLE t", kInvalid, "`;` has no place"},
    {"INT -- comment", kInvalid, "`-` has no place"},
    {"INT /* comment */", kInvalid, "`/` has no place"},
    {"INT $$x$$", kInvalid, "`$` has no place"},
    {"Timestamp(ms)", kUnsupported, "microseconds"},
    {"Timestamp(\u00b5s, \"+02:00\")", kUnsupported, "in UTC"},
    {"TIMESTAMP_NS", kUnsupported, "TIMESTAMP_NS"},
    {"TIMESTAMP(3)", kUnsupported, "TIMESTAMP_MS"},
    {"TIME", kUnsupported, "TIME"},
    {"INTERVAL", kUnsupported, "INTERVAL"},
    {"UUID", kUnsupported, "UUID"},
    {"BIT", kUnsupported, "BIT"},
    {"UHUGEINT", kUnsupported, "UHUGEINT"},
    {"ENUM('a', 'b')", kUnsupported, "ENUM"},
    {"UNION(a INT, b VARCHAR)", kUnsupported, "UNION"},
    {"INT[3]", kUnsupported, "ARRAY"},
    {"NULL", kInvalid, ""},
    {"MAP(INT, VARCHAR)", kUnsupported, "keys of a map"},
    {"MAP(JSON, VARCHAR)", kUnsupported, "keys of a map"},
    {"Map(\"entries\": non-null Struct(\"key\": non-null Int64, \"value\": Int64), unsorted)",
     kUnsupported, "keys of a map"},
    {"STRUCT(a STRUCT(b UUID[]))", kUnsupported, "UUID"},
    {"List(Struct(\"a\": Time))", kUnsupported, "TIME"},
};

TEST(TypeName, SaysWhatIsWrongAndWhatWorks) {
  for (const auto& bad : kBad) {
    SCOPED_TRACE(bad.text);
    const auto type = ParseTypeName(bad.text);
    ASSERT_FALSE(type.has_value()) << type->ToString();
    EXPECT_EQ(type.error().code, bad.code) << type.error().message;
    EXPECT_NE(type.error().message.find(bad.part_of_message), std::string::npos)
        << type.error().message;
    EXPECT_NE(type.error().message.find("MAP(VARCHAR, T)"), std::string::npos);
    EXPECT_EQ(type.error().message.find('\n'), std::string::npos) << type.error().message;
  }
}

std::string Nested(const char* open, const char* inner, const char* close, int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += open;
  text += inner;
  for (int i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(TypeName, IsBoundedInDepthAndSize) {
  const std::pair<const char*, const char*> forms[] = {
      {"", "[]"},     {"STRUCT(a ", ")"},      {"MAP(VARCHAR, ", ")"},
      {"List(", ")"}, {"Struct(\"a\": ", ")"},
  };
  for (const auto& [open, close] : forms) {
    SCOPED_TRACE(open);
    EXPECT_TRUE(ParseTypeName(Nested(open, "DECIMAL(5,2)", close, 64)).has_value());
    for (const int depth : {65, 66, 500}) {
      const auto deep = ParseTypeName(Nested(open, "DECIMAL(5,2)", close, depth));
      ASSERT_FALSE(deep.has_value()) << depth;
      EXPECT_NE(deep.error().message.find("deeper than 64"), std::string::npos)
          << deep.error().message;
    }
  }
  EXPECT_FALSE(ParseTypeName(Nested("List(", "", "[]", 32) + Nested("", "INT", "[]", 33)));
  EXPECT_FALSE(ParseTypeName(Nested("", "INT", "[]", 4'900)).has_value());
  EXPECT_TRUE(ParseTypeName("INT" + std::string(kTypeNameBytesMax - 3, ' ')).has_value());
  EXPECT_FALSE(ParseTypeName("INT" + std::string(kTypeNameBytesMax - 2, ' ')).has_value());
}

}  // namespace
}  // namespace sumac::items
