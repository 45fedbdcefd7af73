#include "engine/results/cell_writer.h"

#include <cmath>
#include <vector>

#include "base/json_text.h"
#include "engine/results/scalar_text.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

template <typename T, void (*AppendText)(T, std::string&), bool kQuoted>
class ScalarCell : public CellWriter {
 public:
  void Append(duckdb::idx_t row, std::string& out) const override {
    if (kQuoted) out += '"';
    AppendText(Cell<T>(row), out);
    if (kQuoted) out += '"';
  }
};

// JSON has no NaN and no infinity.
template <typename T, void (*AppendText)(T, std::string&)>
class JsonFloatCell : public CellWriter {
 public:
  void Append(duckdb::idx_t row, std::string& out) const override {
    const T value = Cell<T>(row);
    if (std::isfinite(value)) {
      AppendText(value, out);
    } else {
      out += "null";
    }
  }
};

template <typename T>
class DecimalCell : public CellWriter {
 public:
  explicit DecimalCell(int scale) : scale_(scale) {}
  void Append(duckdb::idx_t row, std::string& out) const override {
    std::string digits;
    if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
      AppendHugeint(Cell<T>(row), digits);
    } else {
      AppendInteger(Cell<T>(row), digits);
    }
    AppendDecimalDigits(digits, scale_, out);
  }

 private:
  int scale_;
};

template <bool kJson>
class StringCell : public CellWriter {
 public:
  void Append(duckdb::idx_t row, std::string& out) const override {
    const auto& value = Cell<duckdb::string_t>(row);
    const std::string_view text(value.GetData(), value.GetSize());
    if (kJson) {
      AppendJsonString(text, out);
    } else {
      out += text;
    }
  }
};

void AppendBlob(duckdb::string_t value, std::string& out) {
  AppendHex(std::string_view(value.GetData(), value.GetSize()), out);
}

template <typename Code>
class EnumCell : public CellWriter {
 public:
  EnumCell(const LogicalType& type, bool json) {
    const auto& names = duckdb::EnumType::GetValuesInsertOrder(type);
    const auto* data = duckdb::FlatVector::GetData<duckdb::string_t>(names);
    for (duckdb::idx_t i = 0; i < duckdb::EnumType::GetSize(type); ++i) {
      std::string text = data[i].GetString();
      if (json) {
        std::string quoted;
        AppendJsonString(text, quoted);
        text = std::move(quoted);
      }
      texts_.push_back(std::move(text));
    }
  }
  void Append(duckdb::idx_t row, std::string& out) const override {
    out += texts_[Cell<Code>(row)];
  }

 private:
  std::vector<std::string> texts_;
};

template <int64_t kTicksPerSecond>
void AppendTimestamp(int64_t ticks, std::string& out) {
  AppendTimestampTicks(ticks, kTicksPerSecond, out);
}

void AppendInstant(int64_t microseconds, std::string& out) {
  AppendTimestampTicks(microseconds, 1000000, out);
  if (out.back() != 'y') out += 'Z';  // not after "infinity"
}

// Types that a query rarely returns (BIGNUM, VARIANT, aggregate states): as DuckDB prints them.
class OtherCell : public CellWriter {
 public:
  explicit OtherCell(bool json) : json_(json) {}
  void Bind(duckdb::Vector& vector, duckdb::idx_t count) override {
    CellWriter::Bind(vector, count);
    vector_ = &vector;
  }
  void Append(duckdb::idx_t row, std::string& out) const override {
    const std::string text = vector_->GetValue(row).ToString();
    if (json_) {
      AppendJsonString(text, out);
    } else {
      out += text;
    }
  }

 private:
  bool json_;
  duckdb::Vector* vector_ = nullptr;
};

template <typename T, void (*AppendText)(T, std::string&)>
std::unique_ptr<CellWriter> Bare() {
  return std::make_unique<ScalarCell<T, AppendText, false>>();
}

template <typename T, void (*AppendText)(T, std::string&)>
std::unique_ptr<CellWriter> QuotedIf(bool json) {
  if (json) return std::make_unique<ScalarCell<T, AppendText, true>>();
  return Bare<T, AppendText>();
}

template <typename T, void (*AppendText)(T, std::string&)>
std::unique_ptr<CellWriter> Floating(bool json) {
  if (json) return std::make_unique<JsonFloatCell<T, AppendText>>();
  return Bare<T, AppendText>();
}

std::unique_ptr<CellWriter> MakeDecimal(const LogicalType& type) {
  const int scale = duckdb::DecimalType::GetScale(type);
  switch (type.InternalType()) {
    case duckdb::PhysicalType::INT16:
      return std::make_unique<DecimalCell<int16_t>>(scale);
    case duckdb::PhysicalType::INT32:
      return std::make_unique<DecimalCell<int32_t>>(scale);
    case duckdb::PhysicalType::INT64:
      return std::make_unique<DecimalCell<int64_t>>(scale);
    default:
      return std::make_unique<DecimalCell<duckdb::hugeint_t>>(scale);
  }
}

std::unique_ptr<CellWriter> MakeEnum(const LogicalType& type, bool json) {
  switch (type.InternalType()) {
    case duckdb::PhysicalType::UINT8:
      return std::make_unique<EnumCell<uint8_t>>(type, json);
    case duckdb::PhysicalType::UINT16:
      return std::make_unique<EnumCell<uint16_t>>(type, json);
    default:
      return std::make_unique<EnumCell<uint32_t>>(type, json);
  }
}

std::unique_ptr<CellWriter> MakeNumber(const LogicalType& type, bool json) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      return Bare<bool, AppendBoolean>();
    case LogicalTypeId::TINYINT:
      return Bare<int8_t, AppendInteger<int8_t>>();
    case LogicalTypeId::SMALLINT:
      return Bare<int16_t, AppendInteger<int16_t>>();
    case LogicalTypeId::INTEGER:
      return Bare<int32_t, AppendInteger<int32_t>>();
    case LogicalTypeId::BIGINT:
      return Bare<int64_t, AppendInteger<int64_t>>();
    case LogicalTypeId::UTINYINT:
      return Bare<uint8_t, AppendInteger<uint8_t>>();
    case LogicalTypeId::USMALLINT:
      return Bare<uint16_t, AppendInteger<uint16_t>>();
    case LogicalTypeId::UINTEGER:
      return Bare<uint32_t, AppendInteger<uint32_t>>();
    case LogicalTypeId::UBIGINT:
      return Bare<uint64_t, AppendInteger<uint64_t>>();
    case LogicalTypeId::HUGEINT:
      return Bare<duckdb::hugeint_t, AppendHugeint>();
    case LogicalTypeId::UHUGEINT:
      return Bare<duckdb::uhugeint_t, AppendUhugeint>();
    case LogicalTypeId::DECIMAL:
      return MakeDecimal(type);
    case LogicalTypeId::FLOAT:
      return Floating<float, AppendFloat>(json);
    case LogicalTypeId::DOUBLE:
      return Floating<double, AppendDouble>(json);
    default:
      return nullptr;
  }
}

std::unique_ptr<CellWriter> MakeTime(const LogicalType& type, bool json) {
  switch (type.id()) {
    case LogicalTypeId::DATE:
      return QuotedIf<duckdb::date_t, AppendDate>(json);
    case LogicalTypeId::TIME:
      return QuotedIf<duckdb::dtime_t, AppendTime>(json);
    case LogicalTypeId::TIME_NS:
      return QuotedIf<duckdb::dtime_ns_t, AppendTimeNanoseconds>(json);
    case LogicalTypeId::TIME_TZ:
      return QuotedIf<duckdb::dtime_tz_t, AppendTimeWithOffset>(json);
    case LogicalTypeId::TIMESTAMP_SEC:
      return QuotedIf<int64_t, AppendTimestamp<1>>(json);
    case LogicalTypeId::TIMESTAMP_MS:
      return QuotedIf<int64_t, AppendTimestamp<1000>>(json);
    case LogicalTypeId::TIMESTAMP:
      return QuotedIf<int64_t, AppendTimestamp<1000000>>(json);
    case LogicalTypeId::TIMESTAMP_NS:
      return QuotedIf<int64_t, AppendTimestamp<1000000000>>(json);
    case LogicalTypeId::TIMESTAMP_TZ:
      return QuotedIf<int64_t, AppendInstant>(json);
    case LogicalTypeId::INTERVAL:
      return QuotedIf<duckdb::interval_t, AppendInterval>(json);
    default:
      return nullptr;
  }
}

}  // namespace

void CellWriter::Bind(duckdb::Vector& vector, duckdb::idx_t count) {
  vector.ToUnifiedFormat(count, format_);
}

std::unique_ptr<CellWriter> MakeCellWriter(const LogicalType& type, CellStyle style) {
  const bool json = style != CellStyle::kText;
  if (auto number = MakeNumber(type, json)) return number;
  if (auto time = MakeTime(type, json)) return time;
  if (auto nested = MakeNestedCellWriter(type, style)) return nested;
  switch (type.id()) {
    case LogicalTypeId::CHAR:
    case LogicalTypeId::VARCHAR:
      if (json) return std::make_unique<StringCell<true>>();
      return std::make_unique<StringCell<false>>();
    case LogicalTypeId::BLOB:
      return QuotedIf<duckdb::string_t, AppendBlob>(json);
    case LogicalTypeId::BIT:
      return QuotedIf<duckdb::string_t, AppendBits>(json);
    case LogicalTypeId::UUID:
      return QuotedIf<duckdb::hugeint_t, AppendUuid>(json);
    case LogicalTypeId::ENUM:
      return MakeEnum(type, json);
    default:
      return std::make_unique<OtherCell>(json);
  }
}

}  // namespace sumac::engine
