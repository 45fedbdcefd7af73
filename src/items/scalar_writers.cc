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

// For the shapes that hold N. `Convert` returns an optional of the vector's C++ type.
template <typename T, typename Convert>
class NumberWriter final : public VectorWriter {
 public:
  NumberWriter(bool from_text, Convert convert) : from_text_(from_text), convert_(convert) {}

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    std::string_view text;
    if (attribute.tag() == AttributeTag::kNumber) [[likely]] {
      if (!attribute.ReadText(text)) return WriteOutcome::kCorrupt;
    } else {
      const auto read = ReadNumber(attribute, from_text_, text);
      if (read == ReadOutcome::kCorrupt) return WriteOutcome::kCorrupt;
      if (read == ReadOutcome::kOther) return Misfit(row);
    }
    const std::optional<T> value = convert_(text);
    if (!value) return Misfit(row);
    data<T>()[row] = *value;
    return WriteOutcome::kWritten;
  }

  const bool from_text_;
  Convert convert_;
};

template <typename T, typename Convert>
std::unique_ptr<ValueWriter> MakeNumberWriter(const Shape& shape, Convert convert) {
  return std::make_unique<NumberWriter<T, Convert>>(shape.from_text, convert);
}

template <typename T>
std::unique_ptr<ValueWriter> MakeIntegerWriter(const Shape& shape) {
  return MakeNumberWriter<T>(shape, [](std::string_view text) { return NumberToInteger<T>(text); });
}

std::unique_ptr<ValueWriter> MakeIntegerWriterOfType(const Shape& shape) {
  switch (shape.type.id()) {
    case LogicalTypeId::TINYINT:
      return MakeIntegerWriter<int8_t>(shape);
    case LogicalTypeId::SMALLINT:
      return MakeIntegerWriter<int16_t>(shape);
    case LogicalTypeId::INTEGER:
      return MakeIntegerWriter<int32_t>(shape);
    case LogicalTypeId::UTINYINT:
      return MakeIntegerWriter<uint8_t>(shape);
    case LogicalTypeId::USMALLINT:
      return MakeIntegerWriter<uint16_t>(shape);
    case LogicalTypeId::UINTEGER:
      return MakeIntegerWriter<uint32_t>(shape);
    case LogicalTypeId::UBIGINT:
      return MakeIntegerWriter<uint64_t>(shape);
    case LogicalTypeId::HUGEINT:
      return MakeIntegerWriter<duckdb::hugeint_t>(shape);
    default:
      return MakeIntegerWriter<int64_t>(shape);
  }
}

template <typename T>
std::unique_ptr<ValueWriter> MakeDecimalWriterAs(const Shape& shape) {
  const int width = duckdb::DecimalType::GetWidth(shape.type);
  const int scale = duckdb::DecimalType::GetScale(shape.type);
  return MakeNumberWriter<T>(shape, [width, scale](std::string_view text) -> std::optional<T> {
    const auto unscaled = NumberToDecimal(text, width, scale);
    if (!unscaled) return std::nullopt;
    if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
      return *unscaled;
    } else {
      return static_cast<T>(static_cast<int64_t>(unscaled->lower));
    }
  });
}

std::unique_ptr<ValueWriter> MakeDecimalWriter(const Shape& shape) {
  switch (shape.type.InternalType()) {
    case duckdb::PhysicalType::INT16:
      return MakeDecimalWriterAs<int16_t>(shape);
    case duckdb::PhysicalType::INT32:
      return MakeDecimalWriterAs<int32_t>(shape);
    case duckdb::PhysicalType::INT64:
      return MakeDecimalWriterAs<int64_t>(shape);
    default:
      return MakeDecimalWriterAs<duckdb::hugeint_t>(shape);
  }
}

std::unique_ptr<ValueWriter> MakeNearestWriter(const Shape& shape) {
  if (shape.type.id() == LogicalTypeId::FLOAT) {
    return MakeNumberWriter<float>(shape, NumberToNearestFloat);
  }
  return MakeNumberWriter<double>(shape, NumberToNearestDouble);
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
    case Encoding::kTextOrJson:
      return std::make_unique<JsonWriter>(true);
    case Encoding::kBigint:
      return MakeNumberWriter<int64_t>(shape, [](std::string_view text) {
        int64_t value = 0;
        return ReadShortInteger(text, value) ? value : NumberToInt64(text);
      });
    case Encoding::kInteger:
      return MakeIntegerWriterOfType(shape);
    case Encoding::kDouble:
      return MakeNumberWriter<double>(shape, NumberToDoubleExactly);
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
