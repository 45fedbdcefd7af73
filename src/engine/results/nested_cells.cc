// The cell writers of nested types. Each owns the writers of its children and binds them to the
// child vectors.
#include <vector>

#include <duckdb/common/types/vector.hpp>

#include "base/json_text.h"
#include "engine/results/arrow_type_name.h"
#include "engine/results/cell_writer.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

bool IsJson(CellStyle style) {
  return style != CellStyle::kText;
}

// A member name with what separates it from its value.
std::string MemberPrefix(const std::string& name, bool json) {
  if (!json) return name + ": ";
  std::string out;
  AppendJsonString(name, out);
  return out + ':';
}

class NestedCell : public CellWriter {
 public:
  explicit NestedCell(CellStyle style)
      : json_(IsJson(style)), keep_nulls_(style != CellStyle::kJson) {}

  // Children are found by position in a flat vector only.
  void Bind(duckdb::Vector& vector, duckdb::idx_t count) override {
    vector.Flatten(count);
    CellWriter::Bind(vector, count);
  }

 protected:
  bool json() const { return json_; }
  bool keep_nulls() const { return keep_nulls_; }

  void AppendSeparator(bool first, std::string& out) const {
    if (!first) out += json_ ? "," : ", ";
  }
  void AppendChild(const CellWriter& child, duckdb::idx_t row, std::string& out) const {
    if (!child.IsNull(row)) {
      child.Append(row, out);
    } else if (json_) {
      out += "null";
    }
  }

 private:
  bool json_;
  bool keep_nulls_;
};

class ListCell : public NestedCell {
 public:
  ListCell(const LogicalType& element, CellStyle style)
      : NestedCell(style), element_(MakeCellWriter(element, style)) {}

  void Bind(duckdb::Vector& vector, duckdb::idx_t count) override {
    NestedCell::Bind(vector, count);
    element_->Bind(duckdb::ListVector::GetEntry(vector), duckdb::ListVector::GetListSize(vector));
  }
  void Append(duckdb::idx_t row, std::string& out) const override {
    const auto entry = Cell<duckdb::list_entry_t>(row);
    out += '[';
    for (duckdb::idx_t i = 0; i < entry.length; ++i) {
      AppendSeparator(i == 0, out);
      AppendChild(*element_, entry.offset + i, out);
    }
    out += ']';
  }

 private:
  std::unique_ptr<CellWriter> element_;
};

class ArrayCell : public NestedCell {
 public:
  ArrayCell(const LogicalType& type, CellStyle style)
      : NestedCell(style),
        size_(duckdb::ArrayType::GetSize(type)),
        element_(MakeCellWriter(duckdb::ArrayType::GetChildType(type), style)) {}

  void Bind(duckdb::Vector& vector, duckdb::idx_t count) override {
    NestedCell::Bind(vector, count);
    element_->Bind(duckdb::ArrayVector::GetEntry(vector), count * size_);
  }
  void Append(duckdb::idx_t row, std::string& out) const override {
    out += '[';
    for (duckdb::idx_t i = 0; i < size_; ++i) {
      AppendSeparator(i == 0, out);
      AppendChild(*element_, Index(row) * size_ + i, out);
    }
    out += ']';
  }

 private:
  duckdb::idx_t size_;
  std::unique_ptr<CellWriter> element_;
};

class StructCell : public NestedCell {
 public:
  StructCell(const LogicalType& type, CellStyle style) : NestedCell(style) {
    for (duckdb::idx_t i = 0; i < duckdb::StructType::GetChildCount(type); ++i) {
      prefixes_.push_back(MemberPrefix(StructMemberName(type, i), json()));
      members_.push_back(MakeCellWriter(duckdb::StructType::GetChildType(type, i), style));
    }
  }
  void Bind(duckdb::Vector& vector, duckdb::idx_t count) override {
    NestedCell::Bind(vector, count);
    auto& entries = duckdb::StructVector::GetEntries(vector);
    for (size_t i = 0; i < members_.size(); ++i) members_[i]->Bind(*entries[i], count);
  }
  void Append(duckdb::idx_t row, std::string& out) const override {
    out += '{';
    bool first = true;
    for (size_t i = 0; i < members_.size(); ++i) {
      if (!keep_nulls() && members_[i]->IsNull(row)) continue;
      AppendSeparator(first, out);
      first = false;
      out += prefixes_[i];
      AppendChild(*members_[i], row, out);
    }
    out += '}';
  }

 private:
  std::vector<std::string> prefixes_;
  std::vector<std::unique_ptr<CellWriter>> members_;
};

// In JSON the keys become member names: the text of a scalar key, the JSON text of a nested one. An
// entry whose value is NULL is kept: that the key is there is part of the value.
class MapCell : public NestedCell {
 public:
  MapCell(const LogicalType& type, CellStyle style)
      : NestedCell(style),
        key_(MakeCellWriter(duckdb::MapType::KeyType(type), KeyStyle(type, style))),
        value_(MakeCellWriter(duckdb::MapType::ValueType(type), style)) {}

  void Bind(duckdb::Vector& vector, duckdb::idx_t count) override {
    NestedCell::Bind(vector, count);
    const auto size = duckdb::ListVector::GetListSize(vector);
    duckdb::ListVector::GetEntry(vector).Flatten(size);
    key_->Bind(duckdb::MapVector::GetKeys(vector), size);
    value_->Bind(duckdb::MapVector::GetValues(vector), size);
  }
  void Append(duckdb::idx_t row, std::string& out) const override {
    const auto entry = Cell<duckdb::list_entry_t>(row);
    out += '{';
    for (duckdb::idx_t i = entry.offset; i < entry.offset + entry.length; ++i) {
      AppendSeparator(i == entry.offset, out);
      std::string key;
      if (!key_->IsNull(i)) key_->Append(i, key);
      out += MemberPrefix(key, json());
      AppendChild(*value_, i, out);
    }
    out += '}';
  }

 private:
  static CellStyle KeyStyle(const LogicalType& type, CellStyle style) {
    const bool nested_key = duckdb::MapType::KeyType(type).IsNested();
    return IsJson(style) && nested_key ? CellStyle::kJsonWithNulls : CellStyle::kText;
  }

  std::unique_ptr<CellWriter> key_;
  std::unique_ptr<CellWriter> value_;
};

// JSON `{"tag":value}`, text `{tag=value}`.
class UnionCell : public NestedCell {
 public:
  UnionCell(const LogicalType& type, CellStyle style) : NestedCell(style) {
    for (duckdb::idx_t i = 0; i < duckdb::UnionType::GetMemberCount(type); ++i) {
      const std::string& name = duckdb::UnionType::GetMemberName(type, i);
      prefixes_.push_back(json() ? MemberPrefix(name, true) : name + '=');
      members_.push_back(MakeCellWriter(duckdb::UnionType::GetMemberType(type, i), style));
    }
  }
  void Bind(duckdb::Vector& vector, duckdb::idx_t count) override {
    NestedCell::Bind(vector, count);
    duckdb::UnionVector::GetTags(vector).ToUnifiedFormat(count, tags_);
    for (size_t i = 0; i < members_.size(); ++i) {
      members_[i]->Bind(duckdb::UnionVector::GetMember(vector, i), count);
    }
  }
  void Append(duckdb::idx_t row, std::string& out) const override {
    const auto* tags = duckdb::UnifiedVectorFormat::GetData<duckdb::union_tag_t>(tags_);
    const size_t tag = tags[tags_.sel->get_index(row)];
    out += '{';
    out += prefixes_[tag];
    AppendChild(*members_[tag], row, out);
    out += '}';
  }

 private:
  duckdb::UnifiedVectorFormat tags_;
  std::vector<std::string> prefixes_;
  std::vector<std::unique_ptr<CellWriter>> members_;
};

}  // namespace

std::unique_ptr<CellWriter> MakeNestedCellWriter(const LogicalType& type, CellStyle style) {
  switch (type.id()) {
    case LogicalTypeId::LIST:
      return std::make_unique<ListCell>(duckdb::ListType::GetChildType(type), style);
    case LogicalTypeId::ARRAY:
      return std::make_unique<ArrayCell>(type, style);
    case LogicalTypeId::STRUCT:
      return std::make_unique<StructCell>(type, style);
    case LogicalTypeId::MAP:
      return std::make_unique<MapCell>(type, style);
    case LogicalTypeId::UNION:
      return std::make_unique<UnionCell>(type, style);
    default:
      return nullptr;
  }
}

}  // namespace sumac::engine
