#include "engine/results/arrow_type_name.h"

#include <fmt/format.h>

#include "base/json_text.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

// Arrow has no 128-bit integer. A value of 39 digits does not fit 38 but is still printed whole.
constexpr int kHugeintDigits = 38;
// DuckDB keeps an instant, so the zone of a TIMESTAMPTZ is always UTC.
constexpr char kUtc[] = "+00:00";

// The types without parameters, whose two forms are the same word. Everything that is not listed
// and not handled below is printed as text.
const char* PlainName(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::SQLNULL:
      return "Null";
    case LogicalTypeId::BOOLEAN:
      return "Boolean";
    case LogicalTypeId::TINYINT:
      return "Int8";
    case LogicalTypeId::SMALLINT:
      return "Int16";
    case LogicalTypeId::INTEGER:
      return "Int32";
    case LogicalTypeId::BIGINT:
      return "Int64";
    case LogicalTypeId::UTINYINT:
      return "UInt8";
    case LogicalTypeId::USMALLINT:
      return "UInt16";
    case LogicalTypeId::UINTEGER:
      return "UInt32";
    case LogicalTypeId::UBIGINT:
      return "UInt64";
    case LogicalTypeId::FLOAT:
      return "Float32";
    case LogicalTypeId::DOUBLE:
      return "Float64";
    case LogicalTypeId::BLOB:
      return "Binary";
    case LogicalTypeId::DATE:
      return "Date32";
    default:
      return "Utf8";
  }
}

struct TimeUnit {
  const char* display;
  const char* json;
};
constexpr TimeUnit kSecond{"s", "Second"};
constexpr TimeUnit kMillisecond{"ms", "Millisecond"};
constexpr TimeUnit kMicrosecond{"\u00b5s", "Microsecond"};
constexpr TimeUnit kNanosecond{"ns", "Nanosecond"};

TimeUnit UnitOf(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::TIMESTAMP_SEC:
      return kSecond;
    case LogicalTypeId::TIMESTAMP_MS:
      return kMillisecond;
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIME_NS:
      return kNanosecond;
    default:
      return kMicrosecond;
  }
}

int DecimalWidth(const LogicalType& type) {
  return type.id() == LogicalTypeId::DECIMAL ? duckdb::DecimalType::GetWidth(type) : kHugeintDigits;
}

int DecimalScale(const LogicalType& type) {
  return type.id() == LogicalTypeId::DECIMAL ? duckdb::DecimalType::GetScale(type) : 0;
}

// A name as Rust's debug format quotes it.
std::string Quoted(const std::string& name) {
  std::string out = "\"";
  for (char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string StructName(const LogicalType& type) {
  std::string out = "Struct(";
  for (duckdb::idx_t i = 0; i < duckdb::StructType::GetChildCount(type); ++i) {
    if (i > 0) out += ", ";
    out += Quoted(StructMemberName(type, i)) + ": ";
    out += ArrowTypeName(duckdb::StructType::GetChildType(type, i));
  }
  return out + ')';
}

std::string UnionName(const LogicalType& type) {
  std::string out = "Union(Sparse";
  for (duckdb::idx_t i = 0; i < duckdb::UnionType::GetMemberCount(type); ++i) {
    out += fmt::format(", {}: ({}: {})", i, Quoted(duckdb::UnionType::GetMemberName(type, i)),
                       ArrowTypeName(duckdb::UnionType::GetMemberType(type, i)));
  }
  return out + ')';
}

void AppendStructJson(const LogicalType& type, std::string& out) {
  out += "{\"Struct\":[";
  for (duckdb::idx_t i = 0; i < duckdb::StructType::GetChildCount(type); ++i) {
    if (i > 0) out += ',';
    AppendArrowFieldJson(StructMemberName(type, i), duckdb::StructType::GetChildType(type, i), true,
                         out);
  }
  out += "]}";
}

constexpr char kFieldEnd[] = ",\"dict_id\":0,\"dict_is_ordered\":false,\"metadata\":{}}";

// A map's entries are a struct that is never null, with keys that are never null.
void AppendMapJson(const LogicalType& type, std::string& out) {
  out += "{\"Map\":[{\"name\":\"entries\",\"data_type\":{\"Struct\":[";
  AppendArrowFieldJson("key", duckdb::MapType::KeyType(type), false, out);
  out += ',';
  AppendArrowFieldJson("value", duckdb::MapType::ValueType(type), true, out);
  out += "]},\"nullable\":false";
  out += kFieldEnd;
  out += ",false]}";
}

void AppendUnionJson(const LogicalType& type, std::string& out) {
  out += "{\"Union\":[[";
  for (duckdb::idx_t i = 0; i < duckdb::UnionType::GetMemberCount(type); ++i) {
    if (i > 0) out += ',';
    out += fmt::format("[{},", i);
    AppendArrowFieldJson(duckdb::UnionType::GetMemberName(type, i),
                         duckdb::UnionType::GetMemberType(type, i), true, out);
    out += ']';
  }
  out += "],\"Sparse\"]}";
}

}  // namespace

std::string StructMemberName(const LogicalType& type, duckdb::idx_t index) {
  const std::string& name = duckdb::StructType::GetChildName(type, index);
  return name.empty() && duckdb::StructType::IsUnnamed(type) ? fmt::format("c{}", index) : name;
}

std::string ArrowTypeName(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::DECIMAL:
    case LogicalTypeId::HUGEINT:
    case LogicalTypeId::UHUGEINT:
      return fmt::format("Decimal128({}, {})", DecimalWidth(type), DecimalScale(type));
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
      return fmt::format("Timestamp({})", UnitOf(type).display);
    case LogicalTypeId::TIMESTAMP_TZ:
      return fmt::format("Timestamp({}, \"{}\")", UnitOf(type).display, kUtc);
    case LogicalTypeId::TIME:
    case LogicalTypeId::TIME_NS:
      return fmt::format("Time64({})", UnitOf(type).display);
    case LogicalTypeId::INTERVAL:
      return "Interval(MonthDayNano)";
    case LogicalTypeId::LIST:
      return fmt::format("List({})", ArrowTypeName(duckdb::ListType::GetChildType(type)));
    case LogicalTypeId::ARRAY:
      return fmt::format("FixedSizeList({} x {})", duckdb::ArrayType::GetSize(type),
                         ArrowTypeName(duckdb::ArrayType::GetChildType(type)));
    case LogicalTypeId::STRUCT:
      return StructName(type);
    case LogicalTypeId::MAP:
      return fmt::format(
          "Map(\"entries\": non-null Struct(\"key\": non-null {}, \"value\": {}), unsorted)",
          ArrowTypeName(duckdb::MapType::KeyType(type)),
          ArrowTypeName(duckdb::MapType::ValueType(type)));
    case LogicalTypeId::UNION:
      return UnionName(type);
    default:
      return PlainName(type);
  }
}

void AppendArrowTypeJson(const LogicalType& type, std::string& out) {
  switch (type.id()) {
    case LogicalTypeId::DECIMAL:
    case LogicalTypeId::HUGEINT:
    case LogicalTypeId::UHUGEINT:
      out += fmt::format("{{\"Decimal128\":[{},{}]}}", DecimalWidth(type), DecimalScale(type));
      return;
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
      out += fmt::format("{{\"Timestamp\":[\"{}\",null]}}", UnitOf(type).json);
      return;
    case LogicalTypeId::TIMESTAMP_TZ:
      out += fmt::format("{{\"Timestamp\":[\"{}\",\"{}\"]}}", UnitOf(type).json, kUtc);
      return;
    case LogicalTypeId::TIME:
    case LogicalTypeId::TIME_NS:
      out += fmt::format("{{\"Time64\":\"{}\"}}", UnitOf(type).json);
      return;
    case LogicalTypeId::INTERVAL:
      out += "{\"Interval\":\"MonthDayNano\"}";
      return;
    case LogicalTypeId::LIST:
      out += "{\"List\":";
      AppendArrowFieldJson("item", duckdb::ListType::GetChildType(type), true, out);
      out += '}';
      return;
    case LogicalTypeId::ARRAY:
      out += "{\"FixedSizeList\":[";
      AppendArrowFieldJson("item", duckdb::ArrayType::GetChildType(type), true, out);
      out += fmt::format(",{}]}}", duckdb::ArrayType::GetSize(type));
      return;
    case LogicalTypeId::STRUCT:
      return AppendStructJson(type, out);
    case LogicalTypeId::MAP:
      return AppendMapJson(type, out);
    case LogicalTypeId::UNION:
      return AppendUnionJson(type, out);
    default:
      out += fmt::format("\"{}\"", PlainName(type));
  }
}

void AppendArrowFieldJson(std::string_view name, const LogicalType& type, bool nullable,
                          std::string& out) {
  out += "{\"name\":";
  AppendJsonString(name, out);
  out += ",\"data_type\":";
  AppendArrowTypeJson(type, out);
  out += nullable ? ",\"nullable\":true" : ",\"nullable\":false";
  out += kFieldEnd;
}

}  // namespace sumac::engine
