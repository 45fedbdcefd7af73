#include <utility>

#include <duckdb/common/types/blob.hpp>

#include "items/plain_json.h"
#include "items/scalar_value.h"
#include "items/value_writer.h"

namespace sumac::items {
namespace {

using duckdb::idx_t;
using duckdb::LogicalTypeId;
using duckdb::Vector;

// Of a vector of strings.
class StringWriter : public VectorWriter {
 public:
  void Begin(Vector& vector, const PageBytes& page) override {
    VectorWriter::Begin(vector, page);
    place_.Begin(vector, page);
  }

 protected:
  StringPlace& place() { return place_; }

 private:
  StringPlace place_;
};

class TextWriter final : public StringWriter {
  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    std::string_view text;
    switch (attribute.tag()) {
      case AttributeTag::kString:
      case AttributeTag::kNumber:
      case AttributeTag::kBinary:
        if (!attribute.ReadText(text)) return WriteOutcome::kCorrupt;
        place().Write(text, attribute.json(), row);
        return WriteOutcome::kWritten;
      case AttributeTag::kBoolean: {
        bool value = false;
        if (!attribute.ReadBoolean(value)) return WriteOutcome::kCorrupt;
        place().Copy(value ? "true" : "false", row);
        return WriteOutcome::kWritten;
      }
      default:
        return Misfit(row);
    }
  }
};

class KeyStringWriter final : public StringWriter {
 public:
  explicit KeyStringWriter(size_t bytes_max) : bytes_max_(bytes_max) {}

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    if (attribute.tag() != AttributeTag::kString) return Misfit(row);
    std::string_view text;
    if (!attribute.ReadText(text)) return WriteOutcome::kCorrupt;
    if (text.empty() || text.size() > bytes_max_) return Misfit(row);
    place().Write(text, attribute.json(), row);
    return WriteOutcome::kWritten;
  }

  const size_t bytes_max_;
};

// Plain JSON of anything; with `bare_scalars` scalars are their text.
class JsonWriter final : public StringWriter {
 public:
  explicit JsonWriter(bool bare_scalars) : bare_scalars_(bare_scalars) {}

  void Begin(Vector& vector, const PageBytes& page) override {
    StringWriter::Begin(vector, page);
    text_writer_.Begin(vector, page);
  }

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    if (bare_scalars_ && !IsNested(attribute.tag())) return text_writer_.Write(attribute, row);
    text_.clear();
    if (!AppendPlainJson(attribute, text_)) return WriteOutcome::kCorrupt;
    place().Copy(text_, row);
    return WriteOutcome::kWritten;
  }

  const bool bare_scalars_;
  TextWriter text_writer_;
  std::string text_;  // kept for its capacity
};

// For the shapes that hold N. `Kind` has
//   std::optional<T> Convert(std::string_view text): any number that is one of the type's;
//   const char* ReadBeginning(const char* text, T& value): most of them, where they stand in the
//   page; null for the others. See number_text.h.
template <typename T, typename Kind>
class NumberWriter final : public VectorWriter {
 public:
  NumberWriter(bool from_text, Kind kind) : from_text_(from_text), kind_(kind) {}

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    static_assert(JsonCursor::kPaddingBytes >= kNumberPaddingBytes);
    if (attribute.tag() == AttributeTag::kNumber) [[likely]] {
      const char* const start = attribute.TextStart();
      const char* const end = start ? kind_.ReadBeginning(start, data<T>()[row]) : nullptr;
      if (end != nullptr && attribute.PassText(end)) [[likely]]
        return WriteOutcome::kWritten;
    }
    return WriteAnyNumber(attribute, row);
  }

  WriteOutcome WriteAnyNumber(AttributeValue& attribute, idx_t row) {
    std::string_view text;
    const auto read = ReadNumber(attribute, from_text_, text);
    if (read == ReadOutcome::kCorrupt) return WriteOutcome::kCorrupt;
    if (read == ReadOutcome::kOther) return Misfit(row);
    const std::optional<T> value = kind_.Convert(text);
    if (!value) return Misfit(row);
    data<T>()[row] = *value;
    return WriteOutcome::kWritten;
  }

  const bool from_text_;
  const Kind kind_;
};

template <typename T, typename Kind>
std::unique_ptr<ValueWriter> MakeNumberWriter(const Shape& shape, Kind kind) {
  return std::make_unique<NumberWriter<T, Kind>>(shape.from_text, kind);
}

template <typename T>
struct IntegerKind {
  static std::optional<T> Convert(std::string_view text) { return NumberToInteger<T>(text); }
  static const char* ReadBeginning(const char* text, T& value) {
    if constexpr (std::is_same_v<T, int64_t>) {
      return ReadPlainInteger(text, value);
    } else {
      int64_t wide = 0;
      const char* const end = ReadPlainInteger(text, wide);
      if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
        value = wide;
      } else {
        if (!std::in_range<T>(wide)) return nullptr;
        value = static_cast<T>(wide);
      }
      return end;
    }
  }
};

std::unique_ptr<ValueWriter> MakeIntegerWriter(const Shape& shape) {
  switch (shape.type.id()) {
    case LogicalTypeId::TINYINT:
      return MakeNumberWriter<int8_t>(shape, IntegerKind<int8_t>());
    case LogicalTypeId::SMALLINT:
      return MakeNumberWriter<int16_t>(shape, IntegerKind<int16_t>());
    case LogicalTypeId::INTEGER:
      return MakeNumberWriter<int32_t>(shape, IntegerKind<int32_t>());
    case LogicalTypeId::UTINYINT:
      return MakeNumberWriter<uint8_t>(shape, IntegerKind<uint8_t>());
    case LogicalTypeId::USMALLINT:
      return MakeNumberWriter<uint16_t>(shape, IntegerKind<uint16_t>());
    case LogicalTypeId::UINTEGER:
      return MakeNumberWriter<uint32_t>(shape, IntegerKind<uint32_t>());
    case LogicalTypeId::UBIGINT:
      return MakeNumberWriter<uint64_t>(shape, IntegerKind<uint64_t>());
    case LogicalTypeId::HUGEINT:
      return MakeNumberWriter<duckdb::hugeint_t>(shape, IntegerKind<duckdb::hugeint_t>());
    default:
      return MakeNumberWriter<int64_t>(shape, IntegerKind<int64_t>());
  }
}

template <typename T>
class DecimalKind {
 public:
  explicit DecimalKind(const Shape& shape)
      : width_(duckdb::DecimalType::GetWidth(shape.type)),
        scale_(duckdb::DecimalType::GetScale(shape.type)) {}

  std::optional<T> Convert(std::string_view text) const {
    const auto unscaled = NumberToDecimal(text, width_, scale_);
    return unscaled ? std::optional(Narrow(*unscaled)) : std::nullopt;
  }
  const char* ReadBeginning(const char* text, T& value) const {
    duckdb::hugeint_t unscaled;
    const char* const end = ReadPlainDecimal(text, width_, scale_, unscaled);
    if (end != nullptr) value = Narrow(unscaled);
    return end;
  }

 private:
  // The width is of T.
  static T Narrow(duckdb::hugeint_t unscaled) {
    if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
      return unscaled;
    } else {
      return static_cast<T>(static_cast<int64_t>(unscaled.lower));
    }
  }

  int width_;
  int scale_;
};

std::unique_ptr<ValueWriter> MakeDecimalWriter(const Shape& shape) {
  switch (shape.type.InternalType()) {
    case duckdb::PhysicalType::INT16:
      return MakeNumberWriter<int16_t>(shape, DecimalKind<int16_t>(shape));
    case duckdb::PhysicalType::INT32:
      return MakeNumberWriter<int32_t>(shape, DecimalKind<int32_t>(shape));
    case duckdb::PhysicalType::INT64:
      return MakeNumberWriter<int64_t>(shape, DecimalKind<int64_t>(shape));
    default:
      return MakeNumberWriter<duckdb::hugeint_t>(shape, DecimalKind<duckdb::hugeint_t>(shape));
  }
}

struct ExactDoubleKind {
  static std::optional<double> Convert(std::string_view text) {
    return NumberToDoubleExactly(text);
  }
  static const char* ReadBeginning(const char* text, double& value) {
    return ReadShortDouble(text, value);
  }
};

struct NearestDoubleKind : ExactDoubleKind {
  static std::optional<double> Convert(std::string_view text) {
    return NumberToNearestDouble(text);
  }
};

struct NearestFloatKind {
  static std::optional<float> Convert(std::string_view text) { return NumberToNearestFloat(text); }
  static const char* ReadBeginning(const char*, float&) { return nullptr; }
};

std::unique_ptr<ValueWriter> MakeNearestWriter(const Shape& shape) {
  if (shape.type.id() == LogicalTypeId::FLOAT) {
    return MakeNumberWriter<float>(shape, NearestFloatKind());
  }
  return MakeNumberWriter<double>(shape, NearestDoubleKind());
}

class BooleanWriter final : public VectorWriter {
 public:
  explicit BooleanWriter(bool from_text) : from_text_(from_text) {}

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    bool value = false;
    if (attribute.tag() == AttributeTag::kBoolean) [[likely]] {
      if (!attribute.ReadBoolean(value)) return WriteOutcome::kCorrupt;
    } else {
      const auto read = ReadBoolean(attribute, from_text_, value);
      if (read == ReadOutcome::kCorrupt) return WriteOutcome::kCorrupt;
      if (read == ReadOutcome::kOther) return Misfit(row);
    }
    data<bool>()[row] = value;
    return WriteOutcome::kWritten;
  }

  const bool from_text_;
};

class BinaryWriter final : public VectorWriter {
  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    if (attribute.tag() != AttributeTag::kBinary) return Misfit(row);
    std::string_view base64;
    if (!attribute.ReadText(base64)) return WriteOutcome::kCorrupt;
    const duckdb::string_t text(base64.data(), static_cast<uint32_t>(base64.size()));
    try {
      const idx_t size = duckdb::Blob::FromBase64Size(text);
      auto blob = duckdb::StringVector::EmptyString(vector(), size);
      duckdb::Blob::FromBase64(text, duckdb::data_ptr_cast(blob.GetDataWriteable()), size);
      blob.Finalize();
      data<duckdb::string_t>()[row] = blob;
    } catch (const std::exception&) {
      return WriteOutcome::kCorrupt;
    }
    return WriteOutcome::kWritten;
  }
};

// For the shapes that hold S that says a time. `Convert` returns an optional of the vector's C++
// type.
template <typename T, typename Convert>
class TimeWriter final : public VectorWriter {
 public:
  explicit TimeWriter(Convert convert) : convert_(std::move(convert)) {}

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    if (attribute.tag() != AttributeTag::kString) return Misfit(row);
    std::string_view text;
    if (!attribute.ReadText(text)) return WriteOutcome::kCorrupt;
    const std::optional<T> value = convert_(text);
    if (!value) return Misfit(row);
    data<T>()[row] = *value;
    return WriteOutcome::kWritten;
  }

  Convert convert_;
};

template <typename T, typename Convert>
std::unique_ptr<ValueWriter> MakeTimeWriter(Convert convert) {
  return std::make_unique<TimeWriter<T, Convert>>(std::move(convert));
}

}  // namespace

std::unique_ptr<ValueWriter> MakeScalarWriter(const Shape& shape) {
  switch (shape.encoding) {
    case Encoding::kText:
      return std::make_unique<TextWriter>();
    case Encoding::kString:
      return std::make_unique<KeyStringWriter>(shape.key_bytes_max);
    case Encoding::kTextOrJson:
      return std::make_unique<JsonWriter>(true);
    case Encoding::kBigint:
      return MakeNumberWriter<int64_t>(shape, IntegerKind<int64_t>());
    case Encoding::kInteger:
      return MakeIntegerWriter(shape);
    case Encoding::kDouble:
      return MakeNumberWriter<double>(shape, ExactDoubleKind());
    case Encoding::kNearestDouble:
      return MakeNearestWriter(shape);
    case Encoding::kDecimal:
      return MakeDecimalWriter(shape);
    case Encoding::kBoolean:
      return std::make_unique<BooleanWriter>(shape.from_text);
    case Encoding::kBinary:
      return std::make_unique<BinaryWriter>();
    case Encoding::kDate:
      return MakeTimeWriter<int32_t>(
          [layouts = shape.layouts](std::string_view text) { return ParseDate(text, layouts); });
    case Encoding::kTimestamp:
      return MakeTimeWriter<int64_t>([layouts = shape.layouts](std::string_view text) {
        return ParseTimestamp(text, layouts);
      });
    case Encoding::kJson:
      return std::make_unique<JsonWriter>(false);
    case Encoding::kList:
    case Encoding::kStruct:
    case Encoding::kMap:
      break;
  }
  return nullptr;
}

}  // namespace sumac::items
