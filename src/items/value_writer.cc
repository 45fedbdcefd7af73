#include "items/value_writer.h"

#include <duckdb/common/types/blob.hpp>

#include "items/decimal38.h"
#include "items/field_finder.h"
#include "items/number_text.h"
#include "items/plain_json.h"

namespace sumac::items {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::ListVector;
using duckdb::StringVector;
using duckdb::StructVector;
using duckdb::Vector;

WriteOutcome Misfit(Vector& vector, idx_t row) {
  WriteNull(vector, row);
  return WriteOutcome::kMisfit;
}

WriteOutcome WriteText(std::string_view text, Vector& vector, idx_t row) {
  FlatVector::GetData<duckdb::string_t>(vector)[row] =
      StringVector::AddString(vector, text.data(), text.size());
  return WriteOutcome::kWritten;
}

// Takes care of NULL, which every shape holds.
class ScalarWriter : public ValueWriter {
 public:
  WriteOutcome Write(AttributeValue& attribute, Vector& vector, idx_t row) final {
    if (attribute.tag == AttributeTag::kNull) {
      WriteNull(vector, row);
      return WriteOutcome::kWritten;
    }
    return WriteScalar(attribute, vector, row);
  }

 protected:
  virtual WriteOutcome WriteScalar(AttributeValue& attribute, Vector& vector, idx_t row) = 0;
};

class TextWriter final : public ScalarWriter {
  WriteOutcome WriteScalar(AttributeValue& attribute, Vector& vector, idx_t row) override {
    std::string_view text;
    switch (attribute.tag) {
      case AttributeTag::kString:
      case AttributeTag::kNumber:
      case AttributeTag::kBinary:
        if (!ReadString(attribute.json, text)) return WriteOutcome::kCorrupt;
        return WriteText(text, vector, row);
      case AttributeTag::kBoolean: {
        bool value = false;
        if (attribute.json.get_bool().get(value) != simdjson::SUCCESS) {
          return WriteOutcome::kCorrupt;
        }
        return WriteText(value ? "true" : "false", vector, row);
      }
      default:
        return Misfit(vector, row);
    }
  }
};

// For the shapes that hold N. `Convert` returns an optional of the vector's C++ type.
template <typename T, typename Convert>
class NumberWriter final : public ScalarWriter {
 public:
  explicit NumberWriter(Convert convert) : convert_(convert) {}

 private:
  WriteOutcome WriteScalar(AttributeValue& attribute, Vector& vector, idx_t row) override {
    if (attribute.tag != AttributeTag::kNumber) return Misfit(vector, row);
    std::string_view text;
    if (!ReadString(attribute.json, text)) return WriteOutcome::kCorrupt;
    const std::optional<T> value = convert_(text);
    if (!value) return Misfit(vector, row);
    FlatVector::GetData<T>(vector)[row] = *value;
    return WriteOutcome::kWritten;
  }

  Convert convert_;
};

template <typename T, typename Convert>
std::unique_ptr<ValueWriter> MakeNumberWriter(Convert convert) {
  return std::make_unique<NumberWriter<T, Convert>>(convert);
}

class BooleanWriter final : public ScalarWriter {
  WriteOutcome WriteScalar(AttributeValue& attribute, Vector& vector, idx_t row) override {
    if (attribute.tag != AttributeTag::kBoolean) return Misfit(vector, row);
    bool value = false;
    if (attribute.json.get_bool().get(value) != simdjson::SUCCESS) return WriteOutcome::kCorrupt;
    FlatVector::GetData<bool>(vector)[row] = value;
    return WriteOutcome::kWritten;
  }
};

class BinaryWriter final : public ScalarWriter {
  WriteOutcome WriteScalar(AttributeValue& attribute, Vector& vector, idx_t row) override {
    if (attribute.tag != AttributeTag::kBinary) return Misfit(vector, row);
    std::string_view base64;
    if (!ReadString(attribute.json, base64)) return WriteOutcome::kCorrupt;
    const duckdb::string_t text(base64.data(), static_cast<uint32_t>(base64.size()));
    try {
      const idx_t size = duckdb::Blob::FromBase64Size(text);
      auto blob = StringVector::EmptyString(vector, size);
      duckdb::Blob::FromBase64(text, duckdb::data_ptr_cast(blob.GetDataWriteable()), size);
      blob.Finalize();
      FlatVector::GetData<duckdb::string_t>(vector)[row] = blob;
    } catch (const std::exception&) {
      return WriteOutcome::kCorrupt;
    }
    return WriteOutcome::kWritten;
  }
};

class JsonWriter final : public ScalarWriter {
  WriteOutcome WriteScalar(AttributeValue& attribute, Vector& vector, idx_t row) override {
    text_.clear();
    if (!AppendPlainJson(attribute, text_)) return WriteOutcome::kCorrupt;
    return WriteText(text_, vector, row);
  }

  std::string text_;  // kept for its capacity
};

class ListWriter final : public ScalarWriter {
 public:
  explicit ListWriter(const Shape& shape) : element_(MakeValueWriter(shape.element[0])) {}

 private:
  WriteOutcome WriteScalar(AttributeValue& attribute, Vector& vector, idx_t row) override {
    const bool set = IsSet(attribute.tag);
    if (!set && attribute.tag != AttributeTag::kList) return Misfit(vector, row);
    JsonArray array;
    if (attribute.json.get_array().get(array) != simdjson::SUCCESS) return WriteOutcome::kCorrupt;
    const idx_t start = ListVector::GetListSize(vector);
    idx_t size = start;
    WriteOutcome outcome = WriteOutcome::kWritten;
    for (auto entry : array) {
      AttributeValue item;
      JsonValue value;
      if (entry.get(value) != simdjson::SUCCESS) return WriteOutcome::kCorrupt;
      if (set) {
        item = {SetElementTag(attribute.tag), value};
      } else if (!OpenAttributeValue(value, item)) {
        return WriteOutcome::kCorrupt;
      }
      ListVector::Reserve(vector, size + 1);
      const auto one = element_->Write(item, ListVector::GetEntry(vector), size++);
      if (one == WriteOutcome::kCorrupt) return one;
      if (one == WriteOutcome::kMisfit) outcome = one;
      // Lists in lists append to the same child, so the size must be right at each step.
      ListVector::SetListSize(vector, size);
    }
    FlatVector::GetData<duckdb::list_entry_t>(vector)[row] = {start, size - start};
    return outcome;
  }

  std::unique_ptr<ValueWriter> element_;
};

std::vector<std::string> AttributeNames(const Shape& shape) {
  std::vector<std::string> names;
  for (const auto& field : shape.fields) names.push_back(field.attribute_name);
  return names;
}

class StructWriter final : public ScalarWriter {
 public:
  explicit StructWriter(const Shape& shape) : finder_(AttributeNames(shape)) {
    for (const auto& field : shape.fields) writers_.push_back(MakeValueWriter(field.shape));
    written_.resize(writers_.size());
  }

 private:
  WriteOutcome WriteScalar(AttributeValue& attribute, Vector& vector, idx_t row) override {
    if (attribute.tag != AttributeTag::kMap) return Misfit(vector, row);
    JsonObject object;
    if (attribute.json.get_object().get(object) != simdjson::SUCCESS) {
      return WriteOutcome::kCorrupt;
    }
    auto& children = StructVector::GetEntries(vector);
    std::fill(written_.begin(), written_.end(), false);
    finder_.StartObject();
    WriteOutcome outcome = WriteOutcome::kWritten;
    for (auto entry : object) {
      simdjson::ondemand::field field;
      if (std::move(entry).get(field) != simdjson::SUCCESS) return WriteOutcome::kCorrupt;
      const int found = finder_.Find(field);
      if (found == FieldFinder::kCorrupt) return WriteOutcome::kCorrupt;
      if (found == FieldFinder::kNotWanted) {
        outcome = WriteOutcome::kMisfit;
        continue;
      }
      const auto index = static_cast<size_t>(found);
      AttributeValue child;
      if (!OpenAttributeValue(field.value(), child)) return WriteOutcome::kCorrupt;
      const auto one = writers_[index]->Write(child, *children[index], row);
      if (one == WriteOutcome::kCorrupt) return one;
      if (one == WriteOutcome::kMisfit) outcome = one;
      written_[index] = true;
    }
    for (size_t i = 0; i < written_.size(); ++i) {
      if (!written_[i]) WriteNull(*children[i], row);
    }
    return outcome;
  }

  FieldFinder finder_;
  std::vector<std::unique_ptr<ValueWriter>> writers_;
  std::vector<bool> written_;  // of the row under way
};

}  // namespace

std::unique_ptr<ValueWriter> MakeValueWriter(const Shape& shape) {
  switch (shape.encoding) {
    case Encoding::kText:
      return std::make_unique<TextWriter>();
    case Encoding::kBigint:
      return MakeNumberWriter<int64_t>(NumberToInt64);
    case Encoding::kDouble:
      return MakeNumberWriter<double>(NumberToDoubleExactly);
    case Encoding::kDecimal: {
      const int scale = duckdb::DecimalType::GetScale(shape.type);
      return MakeNumberWriter<duckdb::hugeint_t>(
          [scale](std::string_view text) { return NumberToDecimal38(text, scale); });
    }
    case Encoding::kBoolean:
      return std::make_unique<BooleanWriter>();
    case Encoding::kBinary:
      return std::make_unique<BinaryWriter>();
    case Encoding::kList:
      return std::make_unique<ListWriter>(shape);
    case Encoding::kStruct:
      return std::make_unique<StructWriter>(shape);
    case Encoding::kJson:
      return std::make_unique<JsonWriter>();
  }
  return nullptr;
}

void WriteNull(Vector& vector, idx_t row) {
  FlatVector::Validity(vector).SetInvalid(row);
  switch (vector.GetType().InternalType()) {
    case duckdb::PhysicalType::STRUCT:
      for (auto& child : StructVector::GetEntries(vector)) WriteNull(*child, row);
      break;
    case duckdb::PhysicalType::LIST:
      // Some operators read the entry before the validity.
      FlatVector::GetData<duckdb::list_entry_t>(vector)[row] = {0, 0};
      break;
    default:
      break;
  }
}

}  // namespace sumac::items
