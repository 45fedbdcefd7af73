#include "items/sql_type_name.h"

#include <duckdb/common/error_data.hpp>
#include <duckdb/parser/column_list.hpp>
#include <duckdb/parser/parser.hpp>
#include <fmt/format.h>

#include "base/printable_text.h"
#include "items/attribute_value.h"

namespace sumac::items {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

constexpr size_t kQuotedBytesMax = 100;

// Names of Arrow that SQL does not have.
struct ArrowName {
  const char* name;
  LogicalTypeId id;
};
constexpr ArrowName kArrowNames[] = {
    {"utf8", LogicalTypeId::VARCHAR},
    {"float32", LogicalTypeId::FLOAT},
    {"float64", LogicalTypeId::DOUBLE},
    {"date32", LogicalTypeId::DATE},
};

bool MayStand(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || std::string_view("_.,()[]\" \t\r\n").find(c) < 12;
}

// Lets through what can only be a type: DuckDB's parser is given a whole statement, and nothing of
// `text` may reach out of the place of the type (no closing parenthesis that it did not open, no
// comment, no second statement).
Status CheckHarmless(std::string_view text) {
  bool quoted = false;
  int open = 0;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\'') return Fail(ErrorCode::kUnsupported, "ENUM is not supported");
    if (!MayStand(c)) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("`{}` has no place in it", PrintableText({&c, 1}, 10)));
    }
    if (c == '(' && ++open > kNestingDepthMax + 1) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("it nests deeper than {} levels", kNestingDepthMax));
    }
    if (c == ')' && --open < 0) break;
  }
  if (quoted) return Fail(ErrorCode::kInvalidArgument, "a quote is not closed");
  if (open != 0) return Fail(ErrorCode::kInvalidArgument, "the parentheses do not match");
  return {};
}

Error OneLine(const std::exception& exception) {
  std::string message = duckdb::ErrorData(exception).RawMessage();
  return UserError(ErrorCode::kInvalidArgument,
                   PrintableText(message.substr(0, message.find('\n')), kQuotedBytesMax));
}

Result<LogicalType> ParseWithDuckDb(std::string_view text) {
  try {
    // Within a struct nothing but a type can stand, no DEFAULT and no constraint.
    const auto columns = duckdb::Parser::ParseColumnList(fmt::format("c STRUCT(v {})", text));
    if (columns.LogicalColumnCount() == 1) {
      const auto& type = columns.GetColumn(duckdb::LogicalIndex(0)).Type();
      if (type.id() == LogicalTypeId::STRUCT && duckdb::StructType::GetChildCount(type) == 1) {
        return duckdb::StructType::GetChildType(type, 0);
      }
    }
  } catch (const std::exception& exception) {
    return Fail(OneLine(exception));
  }
  return Fail(ErrorCode::kInvalidArgument, "it is more than one type");
}

Result<LogicalType> Checked(const LogicalType& type, int depth);

Result<LogicalType> CheckedStruct(const LogicalType& type, int depth) {
  duckdb::child_list_t<LogicalType> fields;
  for (const auto& [name, field] : duckdb::StructType::GetChildTypes(type)) {
    SUMAC_ASSIGN_OR_RETURN(auto checked, Checked(field, depth + 1));
    fields.emplace_back(name, std::move(checked));
  }
  return LogicalType::STRUCT(std::move(fields));
}

Result<LogicalType> CheckedMap(const LogicalType& type, int depth) {
  SUMAC_ASSIGN_OR_RETURN(const auto key, Checked(duckdb::MapType::KeyType(type), depth + 1));
  SUMAC_ASSIGN_OR_RETURN(auto value, Checked(duckdb::MapType::ValueType(type), depth + 1));
  // JSON is a VARCHAR too, but not the name of a field.
  if (key.id() != LogicalTypeId::VARCHAR || key.IsJSONType()) {
    return Fail(ErrorCode::kUnsupported, "the keys of a map are VARCHAR");
  }
  return LogicalType::MAP(key, std::move(value));
}

// A name that DuckDB's parser does not know.
Result<LogicalType> CheckedName(const LogicalType& type) {
  const std::string& name = duckdb::UserType::GetTypeName(type);
  const bool bare = duckdb::UserType::GetCatalog(type).empty() &&
                    duckdb::UserType::GetSchema(type).empty() &&
                    duckdb::UserType::GetTypeModifiers(type).empty();
  if (bare && duckdb::StringUtil::CIEquals(name, LogicalType::JSON_TYPE_NAME)) {
    return LogicalType::JSON();
  }
  for (const auto& arrow : kArrowNames) {
    if (bare && duckdb::StringUtil::CIEquals(name, arrow.name)) return LogicalType(arrow.id);
  }
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("there is no type `{}`", PrintableText(name, kQuotedBytesMax)));
}

// The type, when attributes can be read as it; with names resolved.
Result<LogicalType> Checked(const LogicalType& type, int depth) {
  if (depth > kNestingDepthMax) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("it nests deeper than {} levels", kNestingDepthMax));
  }
  switch (type.id()) {
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB:
    case LogicalTypeId::BOOLEAN:
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::HUGEINT:
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::UBIGINT:
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::DECIMAL:
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
      return type;
    case LogicalTypeId::LIST: {
      SUMAC_ASSIGN_OR_RETURN(auto element,
                             Checked(duckdb::ListType::GetChildType(type), depth + 1));
      return LogicalType::LIST(element);
    }
    case LogicalTypeId::STRUCT:
      return CheckedStruct(type, depth);
    case LogicalTypeId::MAP:
      return CheckedMap(type, depth);
    case LogicalTypeId::USER:
      return CheckedName(type);
    default:
      return Fail(ErrorCode::kUnsupported,
                  fmt::format("{} is not supported", duckdb::EnumUtil::ToString(type.id())));
  }
}

}  // namespace

Result<LogicalType> ParseSqlTypeName(std::string_view text, int depth) {
  SUMAC_RETURN_IF_ERROR(CheckHarmless(text));
  SUMAC_ASSIGN_OR_RETURN(const auto type, ParseWithDuckDb(text));
  return Checked(type, depth);
}

}  // namespace sumac::items
