#include "slow_decoder/foreign_schema.h"

#include <random>

#include "items/time_layout.h"

namespace sumac::slow_decoder {
namespace {

using duckdb::LogicalType;
using items::Column;
using items::Encoding;
using items::Field;
using items::Shape;
using items::TypeSummary;

// All that MakeShape knows; it is asked for each.
constexpr Encoding kEncodings[] = {
    Encoding::kText,      Encoding::kString,        Encoding::kTextOrJson, Encoding::kBigint,
    Encoding::kInteger,   Encoding::kDouble,        Encoding::kDecimal,    Encoding::kBoolean,
    Encoding::kBinary,    Encoding::kNearestDouble, Encoding::kDate,       Encoding::kList,
    Encoding::kTimestamp, Encoding::kStruct,        Encoding::kMap,        Encoding::kJson,
};
constexpr int kDepthMax = 6;
constexpr int kUnnestDepthMax = 3;

const TypeSummary& NoNames() {
  static const TypeSummary none;
  return none;
}

// Of the elements of a list or the values of a map.
const TypeSummary& ElementNames(const TypeSummary& names) {
  if (names.element() != nullptr) return *names.element();
  if (names.values() != nullptr) return *names.values();
  return names.fields().empty() ? NoNames() : names.fields().begin()->second;
}

class ShapeMaker {
 public:
  explicit ShapeMaker(uint64_t seed) : random_(seed) {}

  items::ItemSchema MakeSchema(const TypeSummary& names) {
    items::ItemSchema schema;
    std::vector<std::string> path;
    for (const auto& [name, below] : names.fields()) {
      if (Below(8) == 0) continue;
      path = {name};
      AddColumns(path, below, schema.columns);
    }
    if (schema.columns.empty() || Below(4) == 0) {
      path = {"no attribute is called so"};
      AddColumns(path, NoNames(), schema.columns);
    }
    if (Below(4) == 0) {
      Column rest;
      rest.catch_all = true;
      rest.shape = MakeShape(Encoding::kJson, NoNames(), 0);
      schema.columns.insert(schema.columns.begin() + Below(schema.columns.size() + 1), rest);
      schema.unnest_depth = static_cast<int>(Below(kUnnestDepthMax));
    }
    // SQL names differ without regard to case, whatever the attributes are called.
    for (size_t i = 0; i < schema.columns.size(); ++i) {
      schema.columns[i].sql_name = "column_" + std::to_string(i);
    }
    return schema;
  }

 private:
  std::ptrdiff_t Below(size_t bound) { return static_cast<std::ptrdiff_t>(random_() % bound); }
  template <typename T, size_t N>
  T OneOf(const T (&values)[N]) {
    return values[Below(N)];
  }

  // One for what stands at `path`, or as many as its fields are taken apart into.
  void AddColumns(std::vector<std::string>& path, const TypeSummary& names,
                  std::vector<Column>& columns) {
    if (!names.fields().empty() && path.size() <= kUnnestDepthMax && Below(3) == 0) {
      for (const auto& [name, below] : names.fields()) {
        path.push_back(name);
        AddColumns(path, below, columns);
        path.pop_back();
      }
      return;
    }
    Column column;
    column.attribute_name = path[0];
    column.path.assign(path.begin() + 1, path.end());
    column.shape = MakeAnyShape(names, 0);
    columns.push_back(std::move(column));
  }

  std::vector<Field> MakeFields(const TypeSummary& names, int depth) {
    std::vector<Field> fields;
    const auto add = [&](const std::string& name, const TypeSummary& below) {
      fields.push_back(
          {name, "field_" + std::to_string(fields.size()), MakeAnyShape(below, depth)});
    };
    for (const auto& [name, below] : names.fields()) {
      if (Below(8) != 0) add(name, below);
    }
    if (fields.empty() || Below(4) == 0) add("no field is called so", NoNames());
    return fields;
  }

  Shape MakeAnyShape(const TypeSummary& names, int depth) {
    // What could hold the value, half of the time; else what comes.
    if (Below(2) == 0 && depth < kDepthMax) {
      if (names.element() != nullptr) return MakeShape(Encoding::kList, names, depth);
      if (!names.fields().empty()) {
        return MakeShape(Below(3) == 0 ? Encoding::kMap : Encoding::kStruct, names, depth);
      }
    }
    return MakeShape(OneOf(kEncodings), names, depth);
  }

  Shape MakeShape(Encoding encoding, const TypeSummary& names, int depth) {
    Shape shape;
    shape.encoding = encoding;
    shape.from_text = Below(2) == 0;
    switch (encoding) {
      case Encoding::kString:
        shape.key_bytes_max = Below(12);
        [[fallthrough]];
      case Encoding::kText:
      case Encoding::kTextOrJson:
        shape.type = LogicalType::VARCHAR;
        break;
      case Encoding::kBigint:
        shape.type = LogicalType::BIGINT;
        break;
      case Encoding::kInteger:
        shape.type = IntegerType();
        break;
      case Encoding::kDouble:
        shape.type = LogicalType::DOUBLE;
        break;
      case Encoding::kNearestDouble:
        shape.type = Below(2) == 0 ? LogicalType::DOUBLE : LogicalType::FLOAT;
        break;
      case Encoding::kDecimal:
        shape.type = DecimalType();
        break;
      case Encoding::kBoolean:
        shape.type = LogicalType::BOOLEAN;
        break;
      case Encoding::kBinary:
        shape.type = LogicalType::BLOB;
        break;
      case Encoding::kDate:
        shape.type = LogicalType::DATE;
        if (Below(2) == 0) shape.layouts = Layouts({"2006-01-02"});
        break;
      case Encoding::kTimestamp:
        shape.type = Below(2) == 0 ? LogicalType::TIMESTAMP : LogicalType::TIMESTAMP_TZ;
        shape.layouts = Layouts({"2006-01-02T15:04:05.000Z07:00", "2006-01-02"});
        break;
      case Encoding::kList:
      case Encoding::kMap:
      case Encoding::kStruct:
        return MakeNested(encoding, names, depth);
      case Encoding::kJson:
        shape.type = LogicalType::JSON();
        break;
    }
    return shape;
  }

  Shape MakeNested(Encoding encoding, const TypeSummary& names, int depth) {
    if (depth >= kDepthMax) return MakeShape(Encoding::kJson, names, depth);
    Shape shape;
    shape.encoding = encoding;
    if (encoding == Encoding::kStruct) {
      shape.fields = MakeFields(names, depth + 1);
      duckdb::child_list_t<LogicalType> children;
      for (const auto& field : shape.fields) {
        children.emplace_back(field.sql_name, field.shape.type);
      }
      shape.type = LogicalType::STRUCT(std::move(children));
      return shape;
    }
    shape.element.push_back(MakeAnyShape(ElementNames(names), depth + 1));
    const auto& element = shape.element[0].type;
    shape.type = encoding == Encoding::kList ? LogicalType::LIST(element)
                                             : LogicalType::MAP(LogicalType::VARCHAR, element);
    return shape;
  }

  LogicalType IntegerType() {
    using duckdb::LogicalTypeId;
    constexpr LogicalTypeId kTypes[] = {
        LogicalTypeId::TINYINT,  LogicalTypeId::SMALLINT, LogicalTypeId::INTEGER,
        LogicalTypeId::BIGINT,   LogicalTypeId::UTINYINT, LogicalTypeId::USMALLINT,
        LogicalTypeId::UINTEGER, LogicalTypeId::UBIGINT,  LogicalTypeId::HUGEINT};
    return LogicalType(OneOf(kTypes));
  }

  // One for each integer that DuckDB keeps decimals in, and the ends of the range.
  LogicalType DecimalType() {
    constexpr std::pair<uint8_t, uint8_t> kTypes[] = {{1, 0},   {3, 2},   {4, 0},  {9, 2},  {9, 9},
                                                      {18, 3},  {18, 0},  {19, 1}, {38, 0}, {38, 2},
                                                      {38, 10}, {38, 37}, {38, 38}};
    const auto [width, scale] = OneOf(kTypes);
    return LogicalType::DECIMAL(width, scale);
  }

  static std::vector<std::shared_ptr<const items::TimeLayout>> Layouts(
      std::initializer_list<const char*> texts) {
    std::vector<std::shared_ptr<const items::TimeLayout>> layouts;
    for (const char* text : texts) {
      layouts.push_back(
          std::make_shared<items::TimeLayout>(items::TimeLayout::Parse(text).value()));
    }
    return layouts;
  }

  std::mt19937_64 random_;
};

}  // namespace

std::shared_ptr<const items::ItemSchema> ForeignSchema(const TypeSummary& names, uint64_t seed) {
  return std::make_shared<items::ItemSchema>(ShapeMaker(seed).MakeSchema(names));
}

}  // namespace sumac::slow_decoder
