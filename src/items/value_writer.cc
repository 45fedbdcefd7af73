#include "items/value_writer.h"

#include "items/field_finder.h"

namespace sumac::items {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::ListVector;
using duckdb::StringVector;
using duckdb::StructVector;
using duckdb::Vector;

class ListWriter final : public NullableWriter {
 public:
  explicit ListWriter(const Shape& shape) : element_(MakeValueWriter(shape.element[0])) {}

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, Vector& vector, idx_t row) override {
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

class StructWriter final : public NullableWriter {
 public:
  explicit StructWriter(const Shape& shape) : finder_(AttributeNames(shape)) {
    for (const auto& field : shape.fields) writers_.push_back(MakeValueWriter(field.shape));
    written_.resize(writers_.size());
  }

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, Vector& vector, idx_t row) override {
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

// A MAP is a list of structs of a key and a value.
class MapWriter final : public NullableWriter {
 public:
  explicit MapWriter(const Shape& shape) : value_(MakeValueWriter(shape.element[0])) {}

 private:
  WriteOutcome WriteValue(AttributeValue& attribute, Vector& vector, idx_t row) override {
    if (attribute.tag != AttributeTag::kMap) return Misfit(vector, row);
    JsonObject object;
    if (attribute.json.get_object().get(object) != simdjson::SUCCESS) {
      return WriteOutcome::kCorrupt;
    }
    const idx_t start = ListVector::GetListSize(vector);
    idx_t size = start;
    WriteOutcome outcome = WriteOutcome::kWritten;
    for (auto entry : object) {
      simdjson::ondemand::field field;
      std::string_view key;
      if (std::move(entry).get(field) != simdjson::SUCCESS) return WriteOutcome::kCorrupt;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return WriteOutcome::kCorrupt;
      ListVector::Reserve(vector, size + 1);
      auto& children = StructVector::GetEntries(ListVector::GetEntry(vector));
      FlatVector::GetData<duckdb::string_t>(*children[0])[size] =
          StringVector::AddString(*children[0], key.data(), key.size());
      AttributeValue value;
      if (!OpenAttributeValue(field.value(), value)) return WriteOutcome::kCorrupt;
      const auto one = value_->Write(value, *children[1], size++);
      if (one == WriteOutcome::kCorrupt) return one;
      if (one == WriteOutcome::kMisfit) outcome = one;
      ListVector::SetListSize(vector, size);
    }
    FlatVector::GetData<duckdb::list_entry_t>(vector)[row] = {start, size - start};
    return outcome;
  }

  std::unique_ptr<ValueWriter> value_;
};

}  // namespace

std::unique_ptr<ValueWriter> MakeValueWriter(const Shape& shape) {
  switch (shape.encoding) {
    case Encoding::kList:
      return std::make_unique<ListWriter>(shape);
    case Encoding::kStruct:
      return std::make_unique<StructWriter>(shape);
    case Encoding::kMap:
      return std::make_unique<MapWriter>(shape);
    default:
      return MakeScalarWriter(shape);
  }
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
