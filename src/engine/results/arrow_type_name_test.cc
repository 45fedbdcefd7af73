#include "engine/results/arrow_type_name.h"

#include "engine/results/rendered_query.h"

namespace sumac::engine {
namespace {

struct Case {
  const char* sql_type;
  const char* display;
  const char* json;
};

constexpr Case kCases[] = {
    {"VARCHAR", "Utf8", "\"Utf8\""},
    {"BIGINT", "Int64", "\"Int64\""},
    {"INTEGER", "Int32", "\"Int32\""},
    {"SMALLINT", "Int16", "\"Int16\""},
    {"TINYINT", "Int8", "\"Int8\""},
    {"UBIGINT", "UInt64", "\"UInt64\""},
    {"UINTEGER", "UInt32", "\"UInt32\""},
    {"USMALLINT", "UInt16", "\"UInt16\""},
    {"UTINYINT", "UInt8", "\"UInt8\""},
    {"HUGEINT", "Decimal128(38, 0)", R"({"Decimal128":[38,0]})"},
    {"UHUGEINT", "Decimal128(38, 0)", R"({"Decimal128":[38,0]})"},
    {"DECIMAL(38, 2)", "Decimal128(38, 2)", R"({"Decimal128":[38,2]})"},
    {"FLOAT", "Float32", "\"Float32\""},
    {"DOUBLE", "Float64", "\"Float64\""},
    {"BOOLEAN", "Boolean", "\"Boolean\""},
    {"BLOB", "Binary", "\"Binary\""},
    {"DATE", "Date32", "\"Date32\""},
    {"TIME", "Time64(\u00b5s)", R"({"Time64":"Microsecond"})"},
    {"TIMETZ", "Utf8", "\"Utf8\""},
    {"TIMESTAMP", "Timestamp(\u00b5s)", R"({"Timestamp":["Microsecond",null]})"},
    {"TIMESTAMP_S", "Timestamp(s)", R"({"Timestamp":["Second",null]})"},
    {"TIMESTAMP_MS", "Timestamp(ms)", R"({"Timestamp":["Millisecond",null]})"},
    {"TIMESTAMP_NS", "Timestamp(ns)", R"({"Timestamp":["Nanosecond",null]})"},
    {"TIMESTAMPTZ", "Timestamp(\u00b5s, \"+00:00\")", R"({"Timestamp":["Microsecond","+00:00"]})"},
    {"INTERVAL", "Interval(MonthDayNano)", R"({"Interval":"MonthDayNano"})"},
    {"UUID", "Utf8", "\"Utf8\""},
    {"BIT", "Utf8", "\"Utf8\""},
    {"JSON", "Utf8", "\"Utf8\""},
    {"ENUM('a', 'b')", "Utf8", "\"Utf8\""},
    {"VARCHAR[]", "List(Utf8)",
     R"({"List":{"name":"item","data_type":"Utf8","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}}})"},
    {"DOUBLE[3]", "FixedSizeList(3 x Float64)",
     R"({"FixedSizeList":[{"name":"item","data_type":"Float64","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}},3]})"},
    {"STRUCT(a VARCHAR, \"b c\" BIGINT)", R"(Struct("a": Utf8, "b c": Int64))",
     R"({"Struct":[{"name":"a","data_type":"Utf8","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}},{"name":"b c","data_type":"Int64","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}}]})"},
    {"STRUCT(a STRUCT(b BIGINT[])[])", R"(Struct("a": List(Struct("b": List(Int64)))))", nullptr},
    {"STRUCT(\"q\"\"\" BIGINT)", R"(Struct("q\"": Int64))", nullptr},
    {"MAP(VARCHAR, BIGINT)",
     R"(Map("entries": non-null Struct("key": non-null Utf8, "value": Int64), unsorted))",
     R"({"Map":[{"name":"entries","data_type":{"Struct":[{"name":"key","data_type":"Utf8","nullable":false,"dict_id":0,"dict_is_ordered":false,"metadata":{}},{"name":"value","data_type":"Int64","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}}]},"nullable":false,"dict_id":0,"dict_is_ordered":false,"metadata":{}},false]})"},
    {"UNION(a BIGINT, b VARCHAR)", R"(Union(Sparse, 0: ("a": Int64), 1: ("b": Utf8)))",
     R"({"Union":[[[0,{"name":"a","data_type":"Int64","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}}],[1,{"name":"b","data_type":"Utf8","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}}]],"Sparse"]})"},
};

TEST(ArrowTypeName, NamesEveryType) {
  for (const Case& test : kCases) {
    const auto type = TypeOf(std::string("NULL::") + test.sql_type);
    EXPECT_EQ(ArrowTypeName(type), test.display) << test.sql_type;
    if (test.json == nullptr) continue;
    std::string json;
    AppendArrowTypeJson(type, json);
    EXPECT_EQ(json, test.json) << test.sql_type;
  }
}

TEST(ArrowTypeName, NamesTheTypesThatNoCastReaches) {
  EXPECT_EQ(ArrowTypeName(duckdb::LogicalType::SQLNULL), "Null");
  EXPECT_EQ(ArrowTypeName(TypeOf("row(1, 'x')")), R"(Struct("c0": Int32, "c1": Utf8))");
}

}  // namespace
}  // namespace sumac::engine
