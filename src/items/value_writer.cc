#include "items/value_writer.h"

#include <algorithm>

#include "items/field_finder.h"

namespace sumac::items {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::list_entry_t;
using duckdb::ListVector;
using duckdb::StructVector;
using duckdb::Vector;

// What lists and maps share: the vector of their elements, which grows while rows are written.
class ElementWriter : public VectorWriter {
 public:
  void Begin(Vector& vector, const PageBytes& page) override {
    VectorWriter::Begin(vector, page);
    page_ = page;
    size_ = ListVector::GetListSize(vector);
    capacity_ = ListVector::GetListCapacity(vector);
    BeginElements(ListVector::GetEntry(vector), page);
  }

  void WriteNull(idx_t row) override {
    VectorWriter::WriteNull(row);
    // Some operators read the entry before the validity.
    data<list_entry_t>()[row] = {0, 0};
  }

 protected:
  virtual void BeginElements(Vector& elements, const PageBytes& page) = 0;

  // The place of one more element.
  idx_t AddElement() {
    if (size_ == capacity_) {
      ListVector::Reserve(vector(), size_ + 1);
      capacity_ = ListVector::GetListCapacity(vector());
      BeginElements(ListVector::GetEntry(vector()), page_);
    }
    return size_++;
  }

  void EndList(idx_t start, idx_t row) {
    ListVector::SetListSize(vector(), size_);
    data<list_entry_t>()[row] = {start, size_ - start};
  }

  idx_t size() const { return size_; }

 private:
  PageBytes page_;
  idx_t size_ = 0;
  idx_t capacity_ = 0;
};

class ListWriter final : public ElementWriter {
 public:
  explicit ListWriter(const Shape& shape) : element_(MakeValueWriter(shape.element[0])) {}

 private:
  void BeginElements(Vector& elements, const PageBytes& page) override {
    element_->Begin(elements, page);
  }

  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    if (attribute.tag() != AttributeTag::kList && !IsSet(attribute.tag())) return Misfit(row);
    const idx_t start = size();
    WriteOutcome outcome = WriteOutcome::kWritten;
    const bool read = attribute.ForEachElement([&](AttributeValue& element) {
      const auto one = element_->Write(element, AddElement());
      if (one == WriteOutcome::kMisfit) outcome = one;
      return one != WriteOutcome::kCorrupt;
    });
    if (!read) return WriteOutcome::kCorrupt;
    EndList(start, row);
    return outcome;
  }

  std::unique_ptr<ValueWriter> element_;
};

std::vector<std::string> AttributeNames(const Shape& shape) {
  std::vector<std::string> names;
  for (const auto& field : shape.fields) names.push_back(field.attribute_name);
  return names;
}

class StructWriter final : public VectorWriter {
 public:
  StructWriter(const Shape& shape, const FieldSelection& selection)
      : finder_(AttributeNames(shape)), fields_(shape.fields.size()) {
    if (selection.children.empty()) {
      for (size_t i = 0; i < fields_.size(); ++i) {
        fields_[i].writer = MakeValueWriter(shape.fields[i].shape);
      }
    }
    for (const auto& child : selection.children) {
      fields_[child.field].writer =
          MakeValueWriter(shape.fields[child.field].shape, child.selection);
    }
    readers_ = static_cast<size_t>(std::count_if(
        fields_.begin(), fields_.end(), [](const auto& field) { return field.writer != nullptr; }));
  }

  void Begin(Vector& vector, const PageBytes& page) override {
    VectorWriter::Begin(vector, page);
    auto& children = StructVector::GetEntries(vector);
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].writer) {
        fields_[i].writer->Begin(*children[i], page);
      } else {
        children[i]->SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
        duckdb::ConstantVector::SetNull(*children[i], true);
      }
    }
  }

  void WriteNull(idx_t row) override {
    VectorWriter::WriteNull(row);
    for (auto& field : fields_) {
      if (field.writer) field.writer->WriteNull(row);
    }
  }

 private:
  struct Field {
    std::unique_ptr<ValueWriter> writer;  // null when nobody reads it
    uint64_t written_in = 0;              // the struct that it was last written in
  };

  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    if (attribute.tag() != AttributeTag::kMap) return Misfit(row);
    JsonCursor& json = attribute.json();
    if (!json.Take('{')) return WriteOutcome::kCorrupt;
    ++structs_;
    size_t written = 0;
    WriteOutcome outcome = WriteOutcome::kWritten;
    bool closed = json.Take('}');
    if (!closed) {
      finder_.StartObject();
      do {
        AttributeValue child;
        const int found = finder_.Find(json, child);
        if (found == FieldFinder::kCorrupt) return WriteOutcome::kCorrupt;
        if (found == FieldFinder::kNotWanted) {
          outcome = WriteOutcome::kMisfit;
        } else if (auto& field = fields_[static_cast<size_t>(found)]; field.writer) {
          written += field.written_in != structs_ ? 1 : 0;
          field.written_in = structs_;
          const auto one = field.writer->Write(child, row);
          if (one == WriteOutcome::kCorrupt) return one;
          if (one == WriteOutcome::kMisfit) outcome = one;
        }
        if (!child.Finish()) return WriteOutcome::kCorrupt;
      } while (json.TakeSeparator('}', closed));
    }
    if (!closed) return WriteOutcome::kCorrupt;
    attribute.MarkRead();
    if (written < readers_) WriteMissing(row);
    return outcome;
  }

  void WriteMissing(idx_t row) {
    for (auto& field : fields_) {
      if (field.writer && field.written_in != structs_) field.writer->WriteNull(row);
    }
  }

  FieldFinder finder_;
  std::vector<Field> fields_;
  size_t readers_ = 0;    // fields with a writer
  uint64_t structs_ = 0;  // counts them
};

// A MAP is a list of structs of a key and a value.
class MapWriter final : public ElementWriter {
 public:
  explicit MapWriter(const Shape& shape) : value_(MakeValueWriter(shape.element[0])) {}

 private:
  void BeginElements(Vector& elements, const PageBytes& page) override {
    auto& children = StructVector::GetEntries(elements);
    keys_.Begin(*children[0], page);
    value_->Begin(*children[1], page);
  }

  WriteOutcome WriteValue(AttributeValue& attribute, idx_t row) override {
    if (attribute.tag() != AttributeTag::kMap) return Misfit(row);
    const idx_t start = size();
    WriteOutcome outcome = WriteOutcome::kWritten;
    const bool read = attribute.ForEachField([&](std::string_view key, AttributeValue& value) {
      const idx_t place = AddElement();
      keys_.Write(key, attribute.json(), place);
      const auto one = value_->Write(value, place);
      if (one == WriteOutcome::kMisfit) outcome = one;
      return one != WriteOutcome::kCorrupt;
    });
    if (!read) return WriteOutcome::kCorrupt;
    EndList(start, row);
    return outcome;
  }

  StringPlace keys_;
  std::unique_ptr<ValueWriter> value_;
};

}  // namespace

void VectorWriter::Begin(Vector& vector, const PageBytes&) {
  vector_ = &vector;
  data_ = FlatVector::GetData(vector);
  validity_ = &FlatVector::Validity(vector);
}

void StringPlace::Begin(Vector& vector, const PageBytes& page) {
  vector_ = &vector;
  data_ = FlatVector::GetData<duckdb::string_t>(vector);
  in_place_ = page != nullptr;
  if (in_place_) duckdb::StringVector::AddBuffer(vector, page);
}

std::unique_ptr<ValueWriter> MakeValueWriter(const Shape& shape, const FieldSelection& selection) {
  switch (shape.encoding) {
    case Encoding::kList:
      return std::make_unique<ListWriter>(shape);
    case Encoding::kStruct:
      return std::make_unique<StructWriter>(shape, selection);
    case Encoding::kMap:
      return std::make_unique<MapWriter>(shape);
    default:
      return MakeScalarWriter(shape);
  }
}

}  // namespace sumac::items
