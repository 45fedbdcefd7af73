#include "items/item_schema.h"

#include <algorithm>
#include <set>

namespace sumac::items {
namespace {

using duckdb::LogicalType;

constexpr uint8_t kDecimalWidth = 38;

Shape Scalar(Encoding encoding, LogicalType type) {
  Shape shape;
  shape.encoding = encoding;
  shape.type = std::move(type);
  return shape;
}

Shape ChooseNumberShape(const NumberSummary& number) {
  if (number.all_int64) return Scalar(Encoding::kBigint, LogicalType::BIGINT);
  if (!number.unreadable) {
    const int digits = number.integer_digits_max + number.fraction_digits_max;
    const bool fits_decimal = digits <= kDecimalWidth;
    const bool integers = number.fraction_digits_max == 0;
    if (number.all_double_exact && !(integers && fits_decimal)) {
      return Scalar(Encoding::kDouble, LogicalType::DOUBLE);
    }
    if (fits_decimal) {
      const auto scale = static_cast<uint8_t>(number.fraction_digits_max);
      return Scalar(Encoding::kDecimal, LogicalType::DECIMAL(kDecimalWidth, scale));
    }
  }
  return Scalar(Encoding::kText, LogicalType::VARCHAR);
}

std::string LowerCase(const std::string& text) {
  return duckdb::StringUtil::Lower(text);
}

// Gives each field an SQL name. DuckDB compares names without regard to case, DynamoDB with it:
// names that collide with no other stay exact; of those that collide the first in byte order stays
// exact and the others get the first free suffix _2, _3, ...
void AssignSqlNames(std::vector<Field>& fields) {
  std::set<std::string> exact;
  for (const auto& field : fields) exact.insert(LowerCase(field.attribute_name));
  std::set<std::string> taken;
  for (auto& field : fields) {
    field.sql_name = field.attribute_name;
    for (int suffix = 2; taken.count(LowerCase(field.sql_name)) > 0 ||
                         (suffix > 2 && exact.count(LowerCase(field.sql_name)) > 0);
         ++suffix) {
      field.sql_name = field.attribute_name + "_" + std::to_string(suffix);
    }
    taken.insert(LowerCase(field.sql_name));
  }
}

// `name`, or the first of name_2, name_3, ... that no column has.
std::string FreeName(const std::vector<Field>& columns, const std::string& name) {
  std::set<std::string> taken;
  for (const auto& column : columns) taken.insert(LowerCase(column.sql_name));
  std::string free = name;
  for (int suffix = 2; taken.count(LowerCase(free)) > 0; ++suffix) {
    free = name + "_" + std::to_string(suffix);
  }
  return free;
}

Shape ChooseStructShape(const TypeSummary& summary) {
  // A struct needs a field, and an empty name cannot be one.
  const bool usable = !summary.fields().empty() && summary.fields().size() <= kStructFieldsMax &&
                      summary.fields().count("") == 0;
  if (!usable) return Scalar(Encoding::kJson, LogicalType::JSON());
  Shape shape;
  shape.encoding = Encoding::kStruct;
  for (const auto& [name, field] : summary.fields()) {
    shape.fields.push_back({name, name, ChooseShape(field)});
  }
  AssignSqlNames(shape.fields);
  duckdb::child_list_t<LogicalType> children;
  for (const auto& field : shape.fields) children.emplace_back(field.sql_name, field.shape.type);
  shape.type = LogicalType::STRUCT(std::move(children));
  return shape;
}

Shape KeyShape(dynamodb::KeyType type, const TypeSummary* seen) {
  switch (type) {
    case dynamodb::KeyType::kString:
      return Scalar(Encoding::kText, LogicalType::VARCHAR);
    case dynamodb::KeyType::kBinary:
      return Scalar(Encoding::kBinary, LogicalType::BLOB);
    case dynamodb::KeyType::kNumber:
      break;
  }
  return ChooseNumberShape(seen != nullptr ? seen->number() : NumberSummary{});
}

}  // namespace

Shape ChooseShape(const TypeSummary& summary) {
  constexpr uint8_t kNested = TypeSummary::kList | TypeSummary::kMap;
  switch (summary.kinds()) {
    case 0:
    case TypeSummary::kString:
      return Scalar(Encoding::kText, LogicalType::VARCHAR);
    case TypeSummary::kNumber:
      return ChooseNumberShape(summary.number());
    case TypeSummary::kBoolean:
      return Scalar(Encoding::kBoolean, LogicalType::BOOLEAN);
    case TypeSummary::kBinary:
      return Scalar(Encoding::kBinary, LogicalType::BLOB);
    case TypeSummary::kMap:
      return ChooseStructShape(summary);
    case TypeSummary::kList: {
      Shape shape;
      shape.encoding = Encoding::kList;
      shape.element.push_back(summary.element() != nullptr ? ChooseShape(*summary.element())
                                                           : ChooseShape(TypeSummary()));
      shape.type = LogicalType::LIST(shape.element[0].type);
      return shape;
    }
    default:
      break;
  }
  if ((summary.kinds() & kNested) != 0) return Scalar(Encoding::kJson, LogicalType::JSON());
  return Scalar(Encoding::kText, LogicalType::VARCHAR);
}

Result<ItemSchema> MakeItemSchema(const TypeSummary& items,
                                  const std::vector<dynamodb::KeyAttribute>& keys,
                                  const SchemaOptions&) {
  ItemSchema schema;
  schema.key_count = keys.size();
  for (const auto& key : keys) {
    const auto seen = items.fields().find(key.name);
    const TypeSummary* summary = seen != items.fields().end() ? &seen->second : nullptr;
    schema.columns.push_back({key.name, key.name, KeyShape(key.type, summary)});
  }
  for (const auto& [name, field] : items.fields()) {
    const bool is_key = std::any_of(keys.begin(), keys.end(),
                                    [&name = name](const auto& key) { return key.name == name; });
    if (!is_key) schema.columns.push_back({name, name, ChooseShape(field)});
  }
  AssignSqlNames(schema.columns);
  schema.item_name = FreeName(schema.columns, schema.item_name);
  schema.overflow_name = FreeName(schema.columns, schema.overflow_name);
  return schema;
}

}  // namespace sumac::items
