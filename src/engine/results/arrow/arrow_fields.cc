#include "engine/results/arrow/arrow_fields.h"

#include <fmt/format.h>

#include "base/printable_text.h"

namespace sumac::engine {
namespace {

namespace format = arrow_format;
using duckdb::LogicalType;

constexpr int kDepthMax = 32;
constexpr size_t kShownNameBytes = 60;
constexpr int kDecimalBits = 128;
constexpr int kDecimalWidthMax = 38;

class FieldReader {
 public:
  explicit FieldReader(const format::Field& source) : source_(source) {
    if (source.name() != nullptr) field_.name = source.name()->str();
    field_.kind = source.type_type();
  }

  Result<ArrowField> Read(int depth) {
    if (depth > kDepthMax) return Wrong("is nested too deeply");
    if (!duckdb::Value::StringIsValid(field_.name.data(), field_.name.size())) {
      return Wrong("has a name that is not valid UTF-8");
    }
    if (source_.type() == nullptr && field_.kind != format::Type_NONE) return Wrong("has no type");
    SUMAC_RETURN_IF_ERROR(ReadChildren(depth));
    SUMAC_RETURN_IF_ERROR(ReadType());
    SUMAC_RETURN_IF_ERROR(ReadDictionary());
    return std::move(field_);
  }

 private:
  tl::unexpected<Error> Wrong(std::string_view what) const {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("The Arrow column '{}' {}.",
                            PrintableText(field_.name, kShownNameBytes), what));
  }
  tl::unexpected<Error> Unsupported(std::string_view type) const {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("The Arrow column '{}' is {}, which is not supported.",
                            PrintableText(field_.name, kShownNameBytes), type));
  }

  Status ReadChildren(int depth) {
    if (source_.children() == nullptr) return {};
    for (const format::Field* child : *source_.children()) {
      if (child == nullptr) return Wrong("has a child that is none");
      SUMAC_ASSIGN_OR_RETURN(auto read, FieldReader(*child).Read(depth + 1));
      field_.children.push_back(std::move(read));
    }
    return {};
  }

  Status ReadDictionary() {
    const auto* encoding = source_.dictionary();
    if (encoding == nullptr) return {};
    field_.dictionary = encoding->id();
    field_.index_bits = 32;
    if (const auto* index = encoding->index_type()) {
      field_.index_bits = index->bit_width();
      field_.index_signed = index->is_signed();
    }
    if (!IsIntegerWidth(field_.index_bits)) return Wrong("has a dictionary without an index");
    return {};
  }

  static bool IsIntegerWidth(int bits) {
    return bits == 8 || bits == 16 || bits == 32 || bits == 64;
  }

  Status Take(LogicalType type, int bits = 0) {
    field_.type = std::move(type);
    field_.bits = bits;
    return {};
  }

  Status ReadType() {
    switch (field_.kind) {
      case format::Type_NullType:
        return Take(LogicalType::SQLNULL);
      case format::Type_BoolType:
        return Take(LogicalType::BOOLEAN, 1);
      case format::Type_IntType:
        return ReadInteger();
      case format::Type_FloatType:
        return ReadFloat();
      case format::Type_DecimalType:
        return ReadDecimal();
      case format::Type_LargeUtf8Type:
        field_.large = true;
        return Take(LogicalType::VARCHAR);
      case format::Type_Utf8Type:
        return Take(LogicalType::VARCHAR);
      case format::Type_LargeBinaryType:
        field_.large = true;
        return Take(LogicalType::BLOB);
      case format::Type_BinaryType:
        return Take(LogicalType::BLOB);
      case format::Type_FixedSizeBinaryType:
        field_.fixed_size = source_.type_as_FixedSizeBinaryType()->byte_width();
        if (field_.fixed_size < 0) return Wrong("has values of less than no bytes");
        return Take(LogicalType::BLOB);
      case format::Type_UnionType:
        return Unsupported("a union");
      case format::Type_NONE:
        return Unsupported("of a type that came after version 1.0 of Arrow's format");
      default:
        return IsTime() ? ReadTime() : ReadNested();
    }
  }

  bool IsTime() const {
    switch (field_.kind) {
      case format::Type_DateType:
      case format::Type_TimeType:
      case format::Type_TimestampType:
      case format::Type_DurationType:
      case format::Type_IntervalType:
        return true;
      default:
        return false;
    }
  }

  Status ReadInteger() {
    const auto* type = source_.type_as_IntType();
    field_.is_signed = type->is_signed();
    switch (type->bit_width()) {
      case 8:
        return Take(field_.is_signed ? LogicalType::TINYINT : LogicalType::UTINYINT, 8);
      case 16:
        return Take(field_.is_signed ? LogicalType::SMALLINT : LogicalType::USMALLINT, 16);
      case 32:
        return Take(field_.is_signed ? LogicalType::INTEGER : LogicalType::UINTEGER, 32);
      case 64:
        return Take(field_.is_signed ? LogicalType::BIGINT : LogicalType::UBIGINT, 64);
      default:
        return Unsupported("an integer of an unusual width");
    }
  }

  Status ReadFloat() {
    field_.unit = source_.type_as_FloatType()->precision();
    switch (field_.unit) {
      case 0:
        return Take(LogicalType::FLOAT, 16);
      case 1:
        return Take(LogicalType::FLOAT, 32);
      case 2:
        return Take(LogicalType::DOUBLE, 64);
      default:
        return Wrong("is a float of an unknown precision");
    }
  }

  Status ReadDecimal() {
    const auto* type = source_.type_as_DecimalType();
    if (type->bit_width() != kDecimalBits) return Unsupported("a decimal of not 128 bits");
    if (type->precision() < 1 || type->precision() > kDecimalWidthMax || type->scale() < 0 ||
        type->scale() > type->precision()) {
      return Unsupported(fmt::format("a decimal of {} digits, {} of them after the point",
                                     type->precision(), type->scale()));
    }
    return Take(LogicalType::DECIMAL(static_cast<uint8_t>(type->precision()),
                                     static_cast<uint8_t>(type->scale())),
                kDecimalBits);
  }

  Status ReadTime() {
    constexpr int16_t kNanoseconds = 3;
    switch (field_.kind) {
      case format::Type_DateType:
        field_.unit = source_.type_as_DateType()->unit();
        return Take(LogicalType::DATE, field_.unit == 0 ? 32 : 64);
      case format::Type_TimeType:
        field_.unit = source_.type_as_TimeType()->unit();
        if (field_.unit == kNanoseconds) return Take(LogicalType::TIME_NS, 64);
        return Take(LogicalType::TIME, source_.type_as_TimeType()->bit_width() == 32 ? 32 : 64);
      case format::Type_TimestampType: {
        const auto* type = source_.type_as_TimestampType();
        field_.unit = type->unit();
        if (type->timezone() != nullptr && type->timezone()->size() > 0) {
          return Take(LogicalType::TIMESTAMP_TZ, 64);
        }
        const bool nanoseconds = field_.unit == kNanoseconds;
        return Take(nanoseconds ? LogicalType::TIMESTAMP_NS : LogicalType::TIMESTAMP, 64);
      }
      case format::Type_DurationType:
        field_.unit = source_.type_as_DurationType()->unit();
        return Take(LogicalType::INTERVAL, 64);
      default:
        field_.unit = source_.type_as_IntervalType()->unit();
        if (field_.unit < 0 || field_.unit > 2) return Wrong("is an interval of an unknown unit");
        return Take(LogicalType::INTERVAL, 32 << field_.unit);
    }
  }

  Status ReadNested() {
    if (field_.kind == format::Type_StructType) {
      if (field_.children.empty()) return Unsupported("a struct without members");
      duckdb::child_list_t<LogicalType> members;
      for (const ArrowField& child : field_.children) members.emplace_back(child.name, child.type);
      return Take(LogicalType::STRUCT(std::move(members)));
    }
    if (field_.children.size() != 1) return Wrong("is a list that has not one kind of items");
    const ArrowField& child = field_.children.front();
    switch (field_.kind) {
      case format::Type_LargeListType:
        field_.large = true;
        return Take(LogicalType::LIST(child.type));
      case format::Type_ListType:
        return Take(LogicalType::LIST(child.type));
      case format::Type_FixedSizeListType:
        field_.fixed_size = source_.type_as_FixedSizeListType()->list_size();
        if (field_.fixed_size < 0) return Wrong("has lists of less than no items");
        return Take(LogicalType::LIST(child.type));
      case format::Type_MapType:
        if (child.kind != format::Type_StructType || child.children.size() != 2) {
          return Wrong("is a map whose entries are not a key and a value");
        }
        return Take(LogicalType::MAP(child.children[0].type, child.children[1].type));
      default:
        return Unsupported("of an unknown type");
    }
  }

  const format::Field& source_;
  ArrowField field_;
};

}  // namespace

Result<ArrowField> ReadArrowField(const format::Field* field) {
  if (field == nullptr) return Fail(ErrorCode::kInvalidArgument, "The Arrow schema has no column.");
  return FieldReader(*field).Read(0);
}

}  // namespace sumac::engine
