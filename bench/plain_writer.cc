#include "plain_writer.h"

#include <algorithm>
#include <charconv>

namespace sumac::bench {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::ListVector;
using duckdb::LogicalTypeId;
using duckdb::PhysicalType;
using duckdb::StructVector;
using duckdb::Vector;
using namespace duckdb_yyjson;  // NOLINT(google-build-using-namespace): its whole interface

class TextWriter final : public ValueWriter {
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "S" && type != "N") return false;
    // In the page, as yyjson has left it there.
    FlatVector::GetData<duckdb::string_t>(vector)[row] = duckdb::string_t(
        unsafe_yyjson_get_str(content), static_cast<uint32_t>(unsafe_yyjson_get_len(content)));
    return true;
  }
};

class BooleanWriter final : public ValueWriter {
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "BOOL") return false;
    FlatVector::GetData<bool>(vector)[row] = unsafe_yyjson_get_bool(content);
    return true;
  }
};

template <typename Number>
class NumberWriter final : public ValueWriter {
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "N") return false;
    const auto text = TextOf(content);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
    FlatVector::GetData<Number>(vector)[row] = number;
    return true;
  }
};

// Digits with a point, as the service writes numbers.
template <typename Integer>
class DecimalWriter final : public ValueWriter {
 public:
  explicit DecimalWriter(uint8_t scale) : scale_(scale) {}

 private:
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "N") return false;
    auto text = TextOf(content);
    const bool negative = text.front() == '-';
    if (negative) text.remove_prefix(1);
    __extension__ unsigned __int128 value = 0;
    int fraction_digits = -1;
    for (const char c : text) {
      if (c == '.' && fraction_digits < 0) {
        fraction_digits = 0;
        continue;
      }
      if (c < '0' || c > '9') return false;
      value = value * 10 + static_cast<unsigned>(c - '0');
      if (fraction_digits >= 0) ++fraction_digits;
    }
    for (int digits = std::max(0, fraction_digits); digits < scale_; ++digits) value *= 10;
    Put(value, negative, FlatVector::GetData<Integer>(vector)[row]);
    return true;
  }

  __extension__ static void Put(unsigned __int128 value, bool negative, Integer& target) {
    if constexpr (std::is_same_v<Integer, duckdb::hugeint_t>) {
      target.lower = static_cast<uint64_t>(value);
      target.upper = static_cast<int64_t>(value >> 64);
      if (negative) target = -target;
    } else {
      target = static_cast<Integer>(negative ? -static_cast<int64_t>(value)
                                             : static_cast<int64_t>(value));
    }
  }

  const uint8_t scale_;
};

class ListWriter final : public ValueWriter {
 public:
  explicit ListWriter(const items::Shape& element) : element_(MakeWriter(element)) {}

 private:
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    const bool is_set = type == "SS" || type == "NS";
    if (!is_set && type != "L") return false;
    const idx_t offset = ListVector::GetListSize(vector);
    const idx_t length = unsafe_yyjson_get_len(content);
    ListVector::Reserve(vector, offset + length);
    auto& elements = ListVector::GetEntry(vector);
    yyjson_val* element = unsafe_yyjson_get_first(content);
    for (idx_t i = 0; i < length; ++i, element = unsafe_yyjson_get_next(element)) {
      if (!is_set) {
        element_->Write(element, elements, offset + i);
      } else if (!element_->WriteContent(type.substr(0, 1), element, elements, offset + i)) {
        FlatVector::SetNull(elements, offset + i, true);
      }
    }
    ListVector::SetListSize(vector, offset + length);
    FlatVector::GetData<duckdb::list_entry_t>(vector)[row] = {offset, length};
    return true;
  }

  const std::unique_ptr<ValueWriter> element_;
};

class StructWriter final : public ValueWriter {
 public:
  explicit StructWriter(const items::Shape& shape) {
    for (const auto& field : shape.fields) members_.Add(field.attribute_name, field.shape);
  }

 private:
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "M") return false;
    auto& entries = StructVector::GetEntries(vector);
    members_.Write(
        content, [&entries](size_t i) -> Vector& { return *entries[i]; }, row);
    return true;
  }

  MembersWriter members_;
};

}  // namespace

std::unique_ptr<ValueWriter> MakeWriter(const items::Shape& shape) {
  switch (shape.type.id()) {
    case LogicalTypeId::BIGINT:
      return std::make_unique<NumberWriter<int64_t>>();
    case LogicalTypeId::DOUBLE:
      return std::make_unique<NumberWriter<double>>();
    case LogicalTypeId::BOOLEAN:
      return std::make_unique<BooleanWriter>();
    case LogicalTypeId::LIST:
      return std::make_unique<ListWriter>(shape.element.front());
    case LogicalTypeId::STRUCT:
      return std::make_unique<StructWriter>(shape);
    case LogicalTypeId::DECIMAL: {
      const auto scale = duckdb::DecimalType::GetScale(shape.type);
      if (shape.type.InternalType() == PhysicalType::INT128) {
        return std::make_unique<DecimalWriter<duckdb::hugeint_t>>(scale);
      }
      return std::make_unique<DecimalWriter<int64_t>>(scale);
    }
    default:
      return std::make_unique<TextWriter>();
  }
}

}  // namespace sumac::bench
