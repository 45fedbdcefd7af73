#include "engine/results/arrow/arrow_schema.h"

#include "arrow_format_generated.h"
#include "engine/results/arrow/ipc_header.h"
#include "engine/results/arrow_type_name.h"

namespace sumac::engine {
namespace {

namespace format = arrow_format;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using Fields = std::vector<Offset<format::Field>>;

// Units of times, as the format numbers them.
enum Unit : int16_t { kSeconds = 0, kMilliseconds = 1, kMicroseconds = 2, kNanoseconds = 3 };

// DuckDB keeps an instant, so the zone of a TIMESTAMPTZ is always UTC.
constexpr char kUtcZone[] = "+00:00";
constexpr int kHugeintWidth = 38;

struct FieldType {
  format::Type kind = format::Type_NONE;
  Offset<void> type;
  Fields children;
};

class FieldBuilder {
 public:
  explicit FieldBuilder(FlatBufferBuilder& builder) : builder_(builder) {}

  Offset<format::Field> Build(const std::string& name, const LogicalType& type, bool nullable) {
    const FieldType built = BuildType(type);
    const auto children = builder_.CreateVector(built.children);
    return format::CreateField(builder_, builder_.CreateString(name), nullable, built.kind,
                               built.type, 0, children);
  }

 private:
  FieldType Int(int bits, bool is_signed) {
    return {format::Type_IntType, format::CreateIntType(builder_, bits, is_signed).Union(), {}};
  }
  FieldType Float(int16_t precision) {
    return {format::Type_FloatType, format::CreateFloatType(builder_, precision).Union(), {}};
  }
  FieldType Decimal(int precision, int scale) {
    return {format::Type_DecimalType,
            format::CreateDecimalType(builder_, precision, scale).Union(),
            {}};
  }
  FieldType Timestamp(Unit unit, bool has_zone) {
    const auto zone = has_zone ? builder_.CreateString(kUtcZone) : Offset<flatbuffers::String>();
    return {
        format::Type_TimestampType, format::CreateTimestampType(builder_, unit, zone).Union(), {}};
  }

  FieldType Struct(const LogicalType& type) {
    FieldType built{format::Type_StructType, {}, {}};
    for (duckdb::idx_t i = 0; i < duckdb::StructType::GetChildCount(type); ++i) {
      built.children.push_back(
          Build(StructMemberName(type, i), duckdb::StructType::GetChildType(type, i), true));
    }
    built.type = format::CreateStructType(builder_).Union();
    return built;
  }

  // A map's entries are a struct that is never null, with keys that are never null.
  FieldType Map(const LogicalType& type) {
    const Fields members = {Build("key", duckdb::MapType::KeyType(type), false),
                            Build("value", duckdb::MapType::ValueType(type), true)};
    const auto children = builder_.CreateVector(members);
    const auto entries = format::CreateField(
        builder_, builder_.CreateString("entries"), false, format::Type_StructType,
        format::CreateStructType(builder_).Union(), 0, children);
    return {format::Type_MapType, format::CreateMapType(builder_, false).Union(), {entries}};
  }

  FieldType Union(const LogicalType& type) {
    FieldType built{format::Type_UnionType, {}, {}};
    std::vector<int> ids;
    for (duckdb::idx_t i = 0; i < duckdb::UnionType::GetMemberCount(type); ++i) {
      ids.push_back(static_cast<int>(i));
      built.children.push_back(Build(duckdb::UnionType::GetMemberName(type, i),
                                     duckdb::UnionType::GetMemberType(type, i), true));
    }
    constexpr int16_t kSparse = 0;
    built.type = format::CreateUnionType(builder_, kSparse, builder_.CreateVector(ids)).Union();
    return built;
  }

  FieldType Nested(const LogicalType& type) {
    switch (type.id()) {
      case LogicalTypeId::STRUCT:
        return Struct(type);
      case LogicalTypeId::MAP:
        return Map(type);
      case LogicalTypeId::UNION:
        return Union(type);
      case LogicalTypeId::ARRAY: {
        const Fields item = {Build("item", duckdb::ArrayType::GetChildType(type), true)};
        const auto size = static_cast<int>(duckdb::ArrayType::GetSize(type));
        return {format::Type_FixedSizeListType,
                format::CreateFixedSizeListType(builder_, size).Union(), item};
      }
      default: {
        const Fields item = {Build("item", duckdb::ListType::GetChildType(type), true)};
        return {format::Type_ListType, format::CreateListType(builder_).Union(), item};
      }
    }
  }

  FieldType Time(const LogicalType& type) {
    switch (type.id()) {
      case LogicalTypeId::DATE:
        return {format::Type_DateType, format::CreateDateType(builder_, 0).Union(), {}};
      case LogicalTypeId::TIME:
        return {
            format::Type_TimeType, format::CreateTimeType(builder_, kMicroseconds, 64).Union(), {}};
      case LogicalTypeId::TIMESTAMP_SEC:
        return Timestamp(kSeconds, false);
      case LogicalTypeId::TIMESTAMP_MS:
        return Timestamp(kMilliseconds, false);
      case LogicalTypeId::TIMESTAMP_NS:
        return Timestamp(kNanoseconds, false);
      case LogicalTypeId::TIMESTAMP_TZ:
        return Timestamp(kMicroseconds, true);
      case LogicalTypeId::INTERVAL:
        return {format::Type_IntervalType, format::CreateIntervalType(builder_, 2).Union(), {}};
      default:
        return Timestamp(kMicroseconds, false);
    }
  }

  FieldType BuildType(const LogicalType& type) {
    switch (type.id()) {
      case LogicalTypeId::SQLNULL:
        return {format::Type_NullType, format::CreateNullType(builder_).Union(), {}};
      case LogicalTypeId::BOOLEAN:
        return {format::Type_BoolType, format::CreateBoolType(builder_).Union(), {}};
      case LogicalTypeId::TINYINT:
        return Int(8, true);
      case LogicalTypeId::SMALLINT:
        return Int(16, true);
      case LogicalTypeId::INTEGER:
        return Int(32, true);
      case LogicalTypeId::BIGINT:
        return Int(64, true);
      case LogicalTypeId::UTINYINT:
        return Int(8, false);
      case LogicalTypeId::USMALLINT:
        return Int(16, false);
      case LogicalTypeId::UINTEGER:
        return Int(32, false);
      case LogicalTypeId::UBIGINT:
        return Int(64, false);
      case LogicalTypeId::FLOAT:
        return Float(1);
      case LogicalTypeId::DOUBLE:
        return Float(2);
      case LogicalTypeId::HUGEINT:
      case LogicalTypeId::UHUGEINT:
        return Decimal(kHugeintWidth, 0);
      case LogicalTypeId::DECIMAL:
        return Decimal(duckdb::DecimalType::GetWidth(type), duckdb::DecimalType::GetScale(type));
      case LogicalTypeId::BLOB:
        return {format::Type_BinaryType, format::CreateBinaryType(builder_).Union(), {}};
      case LogicalTypeId::DATE:
      case LogicalTypeId::TIME:
      case LogicalTypeId::TIMESTAMP:
      case LogicalTypeId::TIMESTAMP_SEC:
      case LogicalTypeId::TIMESTAMP_MS:
      case LogicalTypeId::TIMESTAMP_NS:
      case LogicalTypeId::TIMESTAMP_TZ:
      case LogicalTypeId::INTERVAL:
        return Time(type);
      case LogicalTypeId::LIST:
      case LogicalTypeId::ARRAY:
      case LogicalTypeId::STRUCT:
      case LogicalTypeId::MAP:
      case LogicalTypeId::UNION:
        return Nested(type);
      default:
        return {format::Type_Utf8Type, format::CreateUtf8Type(builder_).Union(), {}};
    }
  }

  FlatBufferBuilder& builder_;
};

LogicalType StoredStruct(const LogicalType& type) {
  duckdb::child_list_t<LogicalType> members;
  for (const auto& [name, member] : duckdb::StructType::GetChildTypes(type)) {
    members.emplace_back(name, ArrowStoredType(member));
  }
  return LogicalType::STRUCT(std::move(members));
}

LogicalType StoredUnion(const LogicalType& type) {
  duckdb::child_list_t<LogicalType> members;
  for (duckdb::idx_t i = 0; i < duckdb::UnionType::GetMemberCount(type); ++i) {
    members.emplace_back(duckdb::UnionType::GetMemberName(type, i),
                         ArrowStoredType(duckdb::UnionType::GetMemberType(type, i)));
  }
  return LogicalType::UNION(std::move(members));
}

}  // namespace

std::vector<ArrowColumn> ArrowColumnsOf(const std::vector<ResultColumn>& columns) {
  std::vector<ArrowColumn> all;
  all.reserve(columns.size());
  for (const ResultColumn& column : columns) all.push_back({column.name, column.type});
  return all;
}

LogicalType ArrowStoredType(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::LIST:
      return LogicalType::LIST(ArrowStoredType(duckdb::ListType::GetChildType(type)));
    case LogicalTypeId::ARRAY:
      return LogicalType::ARRAY(ArrowStoredType(duckdb::ArrayType::GetChildType(type)),
                                duckdb::ArrayType::GetSize(type));
    case LogicalTypeId::STRUCT:
      return StoredStruct(type);
    case LogicalTypeId::MAP:
      return LogicalType::MAP(ArrowStoredType(duckdb::MapType::KeyType(type)),
                              ArrowStoredType(duckdb::MapType::ValueType(type)));
    case LogicalTypeId::UNION:
      return StoredUnion(type);
    case LogicalTypeId::UHUGEINT:
      // A decimal of Arrow has a sign; the cast says so when a value does not fit.
      return LogicalType::HUGEINT;
    case LogicalTypeId::TIME_NS:
      // Arrow has it, and DuckDB's appender has not.
      return LogicalType::VARCHAR;
    default:
      break;
  }
  const bool is_text = ArrowTypeName(type) == "Utf8";
  return is_text ? LogicalType::VARCHAR : type;
}

IpcMessage MakeSchemaMessage(const std::vector<ArrowColumn>& columns) {
  FlatBufferBuilder builder;
  FieldBuilder field_builder(builder);
  Fields fields;
  fields.reserve(columns.size());
  for (const ArrowColumn& column : columns) {
    fields.push_back(field_builder.Build(column.name, column.type, column.nullable));
  }
  const auto schema = format::CreateSchema(builder, 0, builder.CreateVector(fields));
  IpcMessage message;
  message.header = FinishIpcHeader(builder, format::MessageHeader_Schema, schema.Union(), 0);
  return message;
}

}  // namespace sumac::engine
