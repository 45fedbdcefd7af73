#include "engine/results/arrow/arrow_values.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include <duckdb/common/types/decimal.hpp>
#include <fmt/format.h>

#include "base/printable_text.h"

namespace sumac::engine {
namespace {

namespace format = arrow_format;
using duckdb::Value;

constexpr size_t kShownNameBytes = 60;
constexpr size_t kIntervalBytes = 16;

tl::unexpected<Error> BrokenColumn(const ArrowField& field, std::string_view what) {
  return Fail(
      ErrorCode::kInvalidArgument,
      fmt::format("The Arrow column '{}' {}.", PrintableText(field.name, kShownNameBytes), what));
}

tl::unexpected<Error> NoSuchValue(const ArrowField& field, std::string_view what) {
  return Fail(ErrorCode::kUnsupported,
              fmt::format("The Arrow column '{}' has {}.",
                          PrintableText(field.name, kShownNameBytes), what));
}

// The position is checked by those who made the column.
template <typename T>
T ValueAt(std::string_view bytes, int64_t index) {
  T value;
  std::memcpy(&value, bytes.data() + static_cast<size_t>(index) * sizeof(T), sizeof(T));
  return value;
}

bool BitAt(std::string_view bits, int64_t index) {
  return ((static_cast<uint8_t>(bits[static_cast<size_t>(index / 8)]) >> (index % 8)) & 1) != 0;
}

// The two members of struct `index` of a vector. A client may have put them where they are not
// aligned, which the verifier does not see.
struct StructMembers {
  int64_t first = 0;
  int64_t second = 0;
};
template <typename Structs>
StructMembers MembersAt(const Structs& structs, flatbuffers::uoffset_t index) {
  StructMembers members;
  std::memcpy(&members, structs.Data() + index * sizeof(members), sizeof(members));
  return members;
}

// Takes a batch's nodes and buffers in the order of the format.
class ColumnReader {
 public:
  ColumnReader(const format::RecordBatch& batch, std::string_view body,
               const ArrowDictionaries& dictionaries)
      : batch_(batch), body_(body), dictionaries_(dictionaries) {}

  Result<ArrowColumnData> Read(const ArrowField& field) {
    ArrowColumnData column;
    column.field = &field;
    const auto* nodes = batch_.nodes();
    if (nodes == nullptr || node_ >= nodes->size()) {
      return BrokenColumn(field, "is missing from its batch");
    }
    const auto [length, null_count] = MembersAt(*nodes, node_++);
    column.length = length;
    // Whatever a value takes, the bytes of so many still fit 63 bits.
    constexpr int64_t kLengthMax = std::numeric_limits<int32_t>::max();
    if (column.length < 0 || column.length > kLengthMax) {
      return BrokenColumn(field, "has an impossible length");
    }
    if (field.kind == format::Type_NullType && !field.dictionary) return column;
    const bool has_nulls = null_count != 0;
    SUMAC_ASSIGN_OR_RETURN(column.validity, Buffer(field, has_nulls ? Bits(column.length) : 0));
    if (field.dictionary) {
      SUMAC_RETURN_IF_ERROR(ReadIndexes(column));
    } else {
      SUMAC_RETURN_IF_ERROR(ReadContent(column));
    }
    return column;
  }

 private:
  static uint64_t Bits(int64_t count) { return (static_cast<uint64_t>(count) + 7) / 8; }

  // A buffer of at least `size` bytes, or none when that is 0.
  Result<std::string_view> Buffer(const ArrowField& field, uint64_t size) {
    const auto* buffers = batch_.buffers();
    if (buffers == nullptr || buffer_ >= buffers->size()) {
      return BrokenColumn(field, "has too few buffers");
    }
    const auto [offset, length] = MembersAt(*buffers, buffer_++);
    if (offset < 0 || length < 0 || static_cast<uint64_t>(offset) > body_.size() ||
        static_cast<uint64_t>(length) > body_.size() - static_cast<uint64_t>(offset)) {
      return BrokenColumn(field, "has a buffer outside of the message");
    }
    if (static_cast<uint64_t>(length) < size) {
      return BrokenColumn(field, "has a buffer that is too short");
    }
    if (size == 0 && length == 0) return std::string_view();
    return body_.substr(static_cast<size_t>(offset), static_cast<size_t>(length));
  }

  Status ReadIndexes(ArrowColumnData& column) {
    const ArrowField& field = *column.field;
    const auto found = dictionaries_.find(*field.dictionary);
    if (found == dictionaries_.end())
      return BrokenColumn(field, "has a dictionary that did not come");
    column.dictionary = &found->second->column;
    const auto bytes = static_cast<uint64_t>(column.length) * field.index_bits / 8;
    SUMAC_ASSIGN_OR_RETURN(column.values, Buffer(field, bytes));
    return {};
  }

  Status ReadContent(ArrowColumnData& column) {
    const ArrowField& field = *column.field;
    switch (field.kind) {
      case format::Type_Utf8Type:
      case format::Type_LargeUtf8Type:
      case format::Type_BinaryType:
      case format::Type_LargeBinaryType: {
        SUMAC_RETURN_IF_ERROR(ReadOffsets(column));
        SUMAC_ASSIGN_OR_RETURN(column.values, Buffer(field, 0));
        return {};
      }
      case format::Type_ListType:
      case format::Type_LargeListType:
      case format::Type_MapType:
        SUMAC_RETURN_IF_ERROR(ReadOffsets(column));
        return ReadChildren(column);
      case format::Type_FixedSizeListType:
      case format::Type_StructType:
        return ReadChildren(column);
      case format::Type_FixedSizeBinaryType: {
        const auto size = static_cast<uint64_t>(field.fixed_size);
        if (size > body_.size() && column.length > 0) {
          return BrokenColumn(field, "has a buffer that is too short");
        }
        SUMAC_ASSIGN_OR_RETURN(column.values,
                               Buffer(field, static_cast<uint64_t>(column.length) * size));
        return {};
      }
      default: {
        const auto bits = static_cast<uint64_t>(column.length) * field.bits;
        SUMAC_ASSIGN_OR_RETURN(column.values, Buffer(field, (bits + 7) / 8));
        return {};
      }
    }
  }

  Status ReadOffsets(ArrowColumnData& column) {
    const uint64_t width = column.field->large ? sizeof(int64_t) : sizeof(int32_t);
    const auto count = static_cast<uint64_t>(column.length) + 1;
    // Without rows there may be none.
    const uint64_t bytes = column.length == 0 ? 0 : count * width;
    SUMAC_ASSIGN_OR_RETURN(column.offsets, Buffer(*column.field, bytes));
    return {};
  }

  Status ReadChildren(ArrowColumnData& column) {
    for (const ArrowField& child : column.field->children) {
      SUMAC_ASSIGN_OR_RETURN(auto read, Read(child));
      column.children.push_back(std::move(read));
    }
    return {};
  }

  const format::RecordBatch& batch_;
  const std::string_view body_;
  const ArrowDictionaries& dictionaries_;
  flatbuffers::uoffset_t node_ = 0;
  flatbuffers::uoffset_t buffer_ = 0;
};

float HalfToFloat(uint16_t half) {
  const int exponent = (half >> 10) & 0x1f;
  const int fraction = half & 0x3ff;
  const float sign = (half & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x1f) {
    return fraction == 0 ? sign * std::numeric_limits<float>::infinity()
                         : std::numeric_limits<float>::quiet_NaN();
  }
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  return sign * std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
}

int64_t IntegerAt(std::string_view bytes, int64_t row, int bits) {
  switch (bits) {
    case 8:
      return ValueAt<int8_t>(bytes, row);
    case 16:
      return ValueAt<int16_t>(bytes, row);
    case 32:
      return ValueAt<int32_t>(bytes, row);
    default:
      return ValueAt<int64_t>(bytes, row);
  }
}

uint64_t UnsignedAt(std::string_view bytes, int64_t row, int bits) {
  switch (bits) {
    case 8:
      return ValueAt<uint8_t>(bytes, row);
    case 16:
      return ValueAt<uint16_t>(bytes, row);
    case 32:
      return ValueAt<uint32_t>(bytes, row);
    default:
      return ValueAt<uint64_t>(bytes, row);
  }
}

// Microseconds of `count` units; nothing when they are no whole number or do not fit.
std::optional<int64_t> Microseconds(int64_t count, int16_t unit) {
  static constexpr int64_t kPerUnit[] = {1'000'000, 1'000, 1};
  if (unit == 3) return count % 1000 == 0 ? std::optional<int64_t>(count / 1000) : std::nullopt;
  if (unit < 0 || unit > 3) return std::nullopt;
  int64_t product = 0;
  if (__builtin_mul_overflow(count, kPerUnit[unit], &product)) return std::nullopt;
  return product;
}

class ValueReader {
 public:
  explicit ValueReader(uint64_t& values_left) : values_left_(values_left) {}

  Result<Value> Read(const ArrowColumnData& column, int64_t row) {
    const ArrowField& field = *column.field;
    if (row < 0 || row >= column.length) return BrokenColumn(field, "has too few values");
    if (values_left_ == 0) {
      return Fail(ErrorCode::kResourceExhausted,
                  "The Arrow data has too many values for parameters of a query.");
    }
    --values_left_;
    if (field.kind == format::Type_NullType && !field.dictionary) return Value();
    if (!column.validity.empty() && !BitAt(column.validity, row)) return Value(field.type);
    if (column.dictionary == nullptr) return ReadValid(column, row);
    const uint64_t index = UnsignedAt(column.values, row, field.index_bits);
    if (index >= static_cast<uint64_t>(column.dictionary->length)) {
      return BrokenColumn(field, "points beyond its dictionary");
    }
    return Read(*column.dictionary, static_cast<int64_t>(index));
  }

 private:
  Result<Value> ReadValid(const ArrowColumnData& column, int64_t row) {
    const ArrowField& field = *column.field;
    switch (field.kind) {
      case format::Type_BoolType:
        return Value::BOOLEAN(BitAt(column.values, row));
      case format::Type_IntType:
        return ReadInteger(column, row);
      case format::Type_FloatType:
        if (field.bits == 16)
          return Value::FLOAT(HalfToFloat(ValueAt<uint16_t>(column.values, row)));
        if (field.bits == 32) return Value::FLOAT(ValueAt<float>(column.values, row));
        return Value::DOUBLE(ValueAt<double>(column.values, row));
      case format::Type_DecimalType:
        return ReadDecimal(column, row);
      case format::Type_Utf8Type:
      case format::Type_LargeUtf8Type:
      case format::Type_BinaryType:
      case format::Type_LargeBinaryType:
      case format::Type_FixedSizeBinaryType:
        return ReadBytes(column, row);
      case format::Type_StructType:
        return ReadStruct(column, row);
      case format::Type_ListType:
      case format::Type_LargeListType:
      case format::Type_FixedSizeListType:
      case format::Type_MapType:
        return ReadList(column, row);
      case format::Type_IntervalType:
        return ReadInterval(column, row);
      default:
        return ReadTime(column, row);
    }
  }

  static Result<Value> ReadInteger(const ArrowColumnData& column, int64_t row) {
    const ArrowField& field = *column.field;
    Value value = field.is_signed ? Value::BIGINT(IntegerAt(column.values, row, field.bits))
                                  : Value::UBIGINT(UnsignedAt(column.values, row, field.bits));
    return value.DefaultCastAs(field.type);
  }

  static Result<Value> ReadDecimal(const ArrowColumnData& column, int64_t row) {
    const ArrowField& field = *column.field;
    duckdb::hugeint_t number;
    number.lower = ValueAt<uint64_t>(column.values, 2 * row);
    number.upper = ValueAt<int64_t>(column.values, 2 * row + 1);
    const uint8_t width = duckdb::DecimalType::GetWidth(field.type);
    const auto bound = duckdb::Hugeint::POWERS_OF_TEN[width];
    if (number >= bound || number <= -bound) {
      return BrokenColumn(field, fmt::format("has a decimal of more than {} digits", width));
    }
    const uint8_t scale = duckdb::DecimalType::GetScale(field.type);
    if (width <= duckdb::Decimal::MAX_WIDTH_INT64) {
      return Value::DECIMAL(static_cast<int64_t>(number.lower), width, scale);
    }
    return Value::DECIMAL(number, width, scale);
  }

  struct Range {
    int64_t begin;
    int64_t end;
  };

  static Result<Range> OffsetsOf(const ArrowColumnData& column, int64_t row, int64_t end_max) {
    const bool large = column.field->large;
    const Range range = large ? Range{ValueAt<int64_t>(column.offsets, row),
                                      ValueAt<int64_t>(column.offsets, row + 1)}
                              : Range{ValueAt<int32_t>(column.offsets, row),
                                      ValueAt<int32_t>(column.offsets, row + 1)};
    if (range.begin < 0 || range.end < range.begin || range.end > end_max) {
      return BrokenColumn(*column.field, "has offsets that point beyond its values");
    }
    return range;
  }

  static Result<Value> ReadBytes(const ArrowColumnData& column, int64_t row) {
    const ArrowField& field = *column.field;
    Range range{row * field.fixed_size, (row + 1) * field.fixed_size};
    if (field.kind != format::Type_FixedSizeBinaryType) {
      SUMAC_ASSIGN_OR_RETURN(range,
                             OffsetsOf(column, row, static_cast<int64_t>(column.values.size())));
    }
    const auto bytes = column.values.substr(static_cast<size_t>(range.begin),
                                            static_cast<size_t>(range.end - range.begin));
    if (field.type.id() == duckdb::LogicalTypeId::BLOB) {
      return Value::BLOB(duckdb::const_data_ptr_cast(bytes.data()), bytes.size());
    }
    if (!Value::StringIsValid(bytes.data(), bytes.size())) {
      return BrokenColumn(field, "has text that is not valid UTF-8");
    }
    return Value(std::string(bytes));
  }

  Result<Value> ReadStruct(const ArrowColumnData& column, int64_t row) {
    duckdb::vector<Value> members;
    for (const ArrowColumnData& child : column.children) {
      SUMAC_ASSIGN_OR_RETURN(auto member, Read(child, row));
      members.push_back(std::move(member));
    }
    return Value::STRUCT(column.field->type, std::move(members));
  }

  Result<Value> ReadList(const ArrowColumnData& column, int64_t row) {
    const ArrowField& field = *column.field;
    const ArrowColumnData& items = column.children.front();
    Range range{row * field.fixed_size, (row + 1) * field.fixed_size};
    if (field.kind != format::Type_FixedSizeListType) {
      SUMAC_ASSIGN_OR_RETURN(range, OffsetsOf(column, row, items.length));
    }
    duckdb::vector<Value> values;
    for (int64_t i = range.begin; i < range.end; ++i) {
      SUMAC_ASSIGN_OR_RETURN(auto item, Read(items, i));
      values.push_back(std::move(item));
    }
    if (field.kind == format::Type_MapType) return MakeMap(field, std::move(values));
    return Value::LIST(duckdb::ListType::GetChildType(field.type), std::move(values));
  }

  static Result<Value> MakeMap(const ArrowField& field, duckdb::vector<Value> entries) {
    duckdb::vector<Value> keys;
    duckdb::vector<Value> values;
    for (const Value& entry : entries) {
      if (entry.IsNull()) return BrokenColumn(field, "is a map with an entry that is null");
      const auto& members = duckdb::StructValue::GetChildren(entry);
      if (members[0].IsNull()) return BrokenColumn(field, "is a map with a key that is null");
      keys.push_back(members[0]);
      values.push_back(members[1]);
    }
    try {
      return Value::MAP(duckdb::MapType::KeyType(field.type),
                        duckdb::MapType::ValueType(field.type), std::move(keys), std::move(values));
    } catch (const std::exception&) {
      return BrokenColumn(field, "is a map with a key that occurs twice");
    }
  }

  static Result<Value> ReadInterval(const ArrowColumnData& column, int64_t row) {
    const ArrowField& field = *column.field;
    if (field.bits == 32) return Value::INTERVAL(ValueAt<int32_t>(column.values, row), 0, 0);
    if (field.bits == 64) {
      const int64_t milliseconds = ValueAt<int32_t>(column.values, 2 * row + 1);
      return Value::INTERVAL(0, ValueAt<int32_t>(column.values, 2 * row), milliseconds * 1000);
    }
    const auto bytes = column.values.substr(static_cast<size_t>(row) * kIntervalBytes);
    const auto micros = Microseconds(ValueAt<int64_t>(bytes, 1), 3);
    if (!micros) return NoSuchValue(field, "an interval of a part of a microsecond");
    return Value::INTERVAL(ValueAt<int32_t>(bytes, 0), ValueAt<int32_t>(bytes, 1), *micros);
  }

  static Result<Value> ReadDate(const ArrowField& field, int64_t count) {
    constexpr int64_t kMillisecondsPerDay = 86'400'000;
    if (field.unit != 0) {
      if (count % kMillisecondsPerDay != 0) return NoSuchValue(field, "a date with a time of day");
      count /= kMillisecondsPerDay;
    }
    if (count < std::numeric_limits<int32_t>::min() ||
        count > std::numeric_limits<int32_t>::max()) {
      return NoSuchValue(field, "a date that is too far away");
    }
    return Value::DATE(duckdb::date_t(static_cast<int32_t>(count)));
  }

  // DuckDB writes others from beyond its table of digits. 24:00 is one of its times.
  static bool IsTimeOfDay(int64_t count, int64_t of_day) { return count >= 0 && count <= of_day; }
  static tl::unexpected<Error> NotOfADay(const ArrowField& field) {
    return NoSuchValue(field, "a time that is not one of a day");
  }

  static Result<Value> ReadTime(const ArrowColumnData& column, int64_t row) {
    const ArrowField& field = *column.field;
    const int64_t count = IntegerAt(column.values, row, field.bits);
    if (field.kind == format::Type_DateType) return ReadDate(field, count);
    switch (field.type.id()) {
      case duckdb::LogicalTypeId::TIMESTAMP_NS:
        return Value::TIMESTAMPNS(duckdb::timestamp_ns_t(count));
      case duckdb::LogicalTypeId::TIME_NS:
        if (!IsTimeOfDay(count, duckdb::Interval::NANOS_PER_DAY)) return NotOfADay(field);
        return Value::TIME_NS(duckdb::dtime_ns_t(count));
      default:
        break;
    }
    const auto micros = Microseconds(count, field.unit);
    if (!micros) return NoSuchValue(field, "a time that does not fit whole microseconds");
    switch (field.type.id()) {
      case duckdb::LogicalTypeId::TIME:
        if (!IsTimeOfDay(*micros, duckdb::Interval::MICROS_PER_DAY)) return NotOfADay(field);
        return Value::TIME(duckdb::dtime_t(*micros));
      case duckdb::LogicalTypeId::TIMESTAMP_TZ:
        return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(*micros));
      case duckdb::LogicalTypeId::INTERVAL:
        return Value::INTERVAL(0, 0, *micros);
      default:
        return Value::TIMESTAMP(duckdb::timestamp_t(*micros));
    }
  }

  uint64_t& values_left_;
};

}  // namespace

Result<std::vector<ArrowColumnData>> ReadArrowColumns(const format::RecordBatch& batch,
                                                      const std::vector<ArrowField>& fields,
                                                      std::string_view body,
                                                      const ArrowDictionaries& dictionaries) {
  if (batch.compression() != nullptr) {
    return Fail(ErrorCode::kUnsupported, "Arrow data that is compressed is not supported.");
  }
  ColumnReader reader(batch, body, dictionaries);
  std::vector<ArrowColumnData> columns;
  for (const ArrowField& field : fields) {
    SUMAC_ASSIGN_OR_RETURN(auto column, reader.Read(field));
    columns.push_back(std::move(column));
  }
  return columns;
}

Result<Value> ReadArrowValue(const ArrowColumnData& column, int64_t row, uint64_t& values_left) {
  return ValueReader(values_left).Read(column, row);
}

}  // namespace sumac::engine
