#include "slow_decoder/slow_value.h"

#include "items/time_layout.h"
#include "slow_decoder/slow_number.h"

namespace sumac::slow_decoder {
namespace {

using duckdb::LogicalType;
using duckdb::Value;
using items::Encoding;
using items::Shape;

constexpr std::string_view kContentMark = "\x01 the content of JSON \x02";

// DuckDB's own casts make the value of plain text.
std::optional<Value> Cast(const std::optional<std::string>& text, const LogicalType& type) {
  if (!text) return std::nullopt;
  constexpr bool kStrict = true;
  Value value;
  duckdb::string error;
  if (!Value(*text).DefaultTryCastAs(type, value, &error, kStrict)) return std::nullopt;
  return value;
}

class Decoder {
 public:
  Decoder(Inspector& inspector, Fit& fit) : inspector_(inspector), fit_(fit) {}

  Value Decode(const Attribute& attribute, const Shape& shape) {
    if (attribute.Is("NULL")) return Value(shape.type);
    auto value = Try(attribute, shape);
    if (value) return *std::move(value);
    fit_ = {false, false};
    return Value(shape.type);
  }

 private:
  // Nothing when the whole of it does not fit.
  std::optional<Value> Try(const Attribute& attribute, const Shape& shape) {
    switch (shape.encoding) {
      case Encoding::kText:
        return Text(attribute);
      case Encoding::kString:
        if (!attribute.Is("S") || attribute.text().empty() ||
            attribute.text().size() > shape.key_bytes_max) {
          return std::nullopt;
        }
        return Text(attribute);
      case Encoding::kTextOrJson:
        if (attribute.HasText() || attribute.Is("BOOL")) return Text(attribute);
        return Json(attribute, shape.type);
      case Encoding::kBigint:
      case Encoding::kInteger:
        return Integer(attribute, shape);
      case Encoding::kDouble:
        return Double(attribute, shape);
      case Encoding::kNearestDouble:
        return NearestDouble(attribute, shape);
      case Encoding::kDecimal:
        return Decimal(attribute, shape);
      case Encoding::kBoolean:
        return Boolean(attribute, shape);
      case Encoding::kBinary:
        return attribute.Is("B") ? std::optional(Binary(attribute.text())) : std::nullopt;
      case Encoding::kDate:
        return attribute.Is("S") ? Date(attribute.text(), shape) : std::nullopt;
      case Encoding::kTimestamp:
        return attribute.Is("S") ? Timestamp(attribute.text(), shape) : std::nullopt;
      case Encoding::kList:
        return attribute.IsList() ? std::optional(List(attribute, shape)) : std::nullopt;
      case Encoding::kStruct:
        return attribute.Is("M") ? std::optional(Struct(attribute, shape)) : std::nullopt;
      case Encoding::kMap:
        return attribute.Is("M") ? std::optional(Map(attribute, shape)) : std::nullopt;
      case Encoding::kJson:
        return Json(attribute, shape.type);
    }
    return std::nullopt;
  }

  static std::optional<Value> Text(const Attribute& attribute) {
    if (attribute.Is("BOOL")) return Value(attribute.truth() ? "true" : "false");
    if (!attribute.HasText()) return std::nullopt;
    return Value(std::string(attribute.text()));
  }

  static Value Json(const Attribute& attribute, const LogicalType& type) {
    std::string content;
    AppendPlainContent(attribute, content);
    return ContentValue(content, type);
  }

  // The digits of N, and for a declared type of S that is a number as JSON has them.
  static std::optional<std::string_view> Digits(const Attribute& attribute, const Shape& shape) {
    const bool spelled = shape.from_text && attribute.Is("S") && IsJsonNumber(attribute.text());
    if (!attribute.Is("N") && !spelled) return std::nullopt;
    return ReadNumber(attribute.text()) ? std::optional(attribute.text()) : std::nullopt;
  }

  static std::optional<Value> Integer(const Attribute& attribute, const Shape& shape) {
    const auto digits = Digits(attribute, shape);
    return digits ? Cast(PlainInteger(*ReadNumber(*digits)), shape.type) : std::nullopt;
  }

  static std::optional<Value> Decimal(const Attribute& attribute, const Shape& shape) {
    const auto digits = Digits(attribute, shape);
    if (!digits) return std::nullopt;
    return Cast(PlainDecimal(*ReadNumber(*digits), duckdb::DecimalType::GetWidth(shape.type),
                             duckdb::DecimalType::GetScale(shape.type)),
                shape.type);
  }

  static std::optional<Value> Double(const Attribute& attribute, const Shape& shape) {
    const auto digits = Digits(attribute, shape);
    const auto value = digits ? SameDouble(*digits) : std::nullopt;
    return value ? std::optional(Value::DOUBLE(*value)) : std::nullopt;
  }

  std::optional<Value> NearestDouble(const Attribute& attribute, const Shape& shape) {
    const auto digits = Digits(attribute, shape);
    if (!digits) return std::nullopt;
    if (shape.type.id() == duckdb::LogicalTypeId::FLOAT) {
      const auto value = NearestFloat(*digits);
      fit_.whole = fit_.whole && SameFloat(*digits);
      return value ? std::optional(Value::FLOAT(*value)) : std::nullopt;
    }
    const auto value = slow_decoder::NearestDouble(*digits);
    fit_.whole = fit_.whole && SameDouble(*digits);
    return value ? std::optional(Value::DOUBLE(*value)) : std::nullopt;
  }

  static std::optional<Value> Boolean(const Attribute& attribute, const Shape& shape) {
    if (attribute.Is("BOOL")) return Value::BOOLEAN(attribute.truth());
    if (!shape.from_text || !attribute.Is("S")) return std::nullopt;
    if (attribute.text() == "true") return Value::BOOLEAN(true);
    if (attribute.text() == "false") return Value::BOOLEAN(false);
    return std::nullopt;
  }

  // What is no base64 breaks the page.
  Value Binary(std::string_view base64) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (base64.size() % 4 != 0) inspector_.Broken();
    // DuckDB's decoder takes "AA=A" for "AA==".
    if (base64.size() > 1 && base64[base64.size() - 2] == '=' && base64.back() != '=') {
      inspector_.Unclear();
    }
    const size_t padding = base64.ends_with("==") ? 2 : base64.ends_with("=") ? 1 : 0;
    std::string bytes;
    uint32_t bits = 0;
    int bit_count = 0;
    for (const char c : base64.substr(0, base64.size() - padding)) {
      const size_t digit = kAlphabet.find(c);
      if (digit == std::string_view::npos) inspector_.Broken();
      bits = bits << 6 | static_cast<uint32_t>(digit & 63);
      bit_count += 6;
      if (bit_count < 8) continue;
      bit_count -= 8;
      bytes += static_cast<char>(bits >> bit_count & 0xff);
    }
    return Value::BLOB_RAW(bytes);
  }

  // Layouts have tests of their own.
  static std::optional<int64_t> Microseconds(std::string_view text, const Shape& shape) {
    for (const auto& layout : shape.layouts) {
      if (const auto value = layout->ParseMicroseconds(text)) return value;
    }
    return std::nullopt;
  }

  static std::optional<Value> Timestamp(std::string_view text, const Shape& shape) {
    const auto value = Microseconds(text, shape);
    if (!value) return std::nullopt;
    if (shape.type.id() == duckdb::LogicalTypeId::TIMESTAMP_TZ) {
      return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(*value));
    }
    return Value::TIMESTAMP(duckdb::timestamp_t(*value));
  }

  static std::optional<Value> Date(std::string_view text, const Shape& shape) {
    if (!shape.layouts.empty()) {
      const auto value = Microseconds(text, shape);
      if (!value) return std::nullopt;
      return Value::DATE(duckdb::Timestamp::GetDate(duckdb::timestamp_t(*value)));
    }
    // DuckDB reads more than YYYY-MM-DD, and has no year 0000 of four digits.
    constexpr std::string_view kForm = "0000-00-00";
    if (text.size() != kForm.size()) return std::nullopt;
    for (size_t i = 0; i < kForm.size(); ++i) {
      const bool digit = text[i] >= '0' && text[i] <= '9';
      if (kForm[i] == '-' ? text[i] != '-' : !digit) return std::nullopt;
    }
    const auto number = [&](size_t at, size_t size) {
      return std::stoi(std::string(text.substr(at, size)));
    };
    duckdb::date_t date;
    if (!duckdb::Date::TryFromDate(number(0, 4), number(5, 2), number(8, 2), date)) {
      return std::nullopt;
    }
    return Value::DATE(date);
  }

  Value List(const Attribute& attribute, const Shape& shape) {
    duckdb::vector<Value> values;
    for (const auto& one : ElementsOf(attribute)) values.push_back(Decode(one, shape.element[0]));
    return Value::LIST(shape.element[0].type, std::move(values));
  }

  Value Map(const Attribute& attribute, const Shape& shape) {
    duckdb::vector<Value> keys;
    duckdb::vector<Value> values;
    for (const auto entry : ObjectOf(attribute.payload)) {
      keys.emplace_back(std::string(entry.key));
      values.push_back(Decode(Open(entry.value), shape.element[0]));
    }
    return Value::MAP(LogicalType::VARCHAR, shape.element[0].type, std::move(keys),
                      std::move(values));
  }

  Value Struct(const Attribute& attribute, const Shape& shape) {
    duckdb::vector<Value> values;
    for (const auto& field : shape.fields) values.emplace_back(field.shape.type);
    for (const auto entry : ObjectOf(attribute.payload)) {
      bool known = false;
      for (size_t i = 0; i < shape.fields.size(); ++i) {
        if (shape.fields[i].attribute_name != entry.key) continue;
        known = true;
        values[i] = Decode(Open(entry.value), shape.fields[i].shape);
      }
      if (!known) fit_ = {false, false};
    }
    return Value::STRUCT(shape.type, std::move(values));
  }

  Inspector& inspector_;
  Fit& fit_;
};

}  // namespace

Value DecodeValue(const Attribute& attribute, const Shape& shape, Inspector& inspector, Fit& fit) {
  return Decoder(inspector, fit).Decode(attribute, shape);
}

Value ContentValue(const std::string& content, const LogicalType& type) {
  Value value(std::string(kContentMark) + content);
  value.Reinterpret(type);
  return value;
}

std::optional<std::string> ContentOf(const Value& value) {
  const std::string& text = duckdb::StringValue::Get(value);
  if (!text.starts_with(kContentMark)) return std::nullopt;
  return text.substr(kContentMark.size());
}

}  // namespace sumac::slow_decoder
