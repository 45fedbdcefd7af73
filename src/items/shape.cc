#include "items/shape.h"

#include <algorithm>
#include <set>

#include "items/time_layout.h"

namespace sumac::items {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

constexpr uint8_t kDecimalWidth = 38;

Shape Scalar(Encoding encoding, LogicalType type) {
  Shape shape;
  shape.encoding = encoding;
  shape.type = std::move(type);
  return shape;
}

Shape Json() {
  return Scalar(Encoding::kJson, LogicalType::JSON());
}

Shape Decimal(int scale) {
  return Scalar(Encoding::kDecimal,
                LogicalType::DECIMAL(kDecimalWidth, static_cast<uint8_t>(scale)));
}

// A layout of days alone gives dates.
Shape TimeShape(const std::shared_ptr<const TimeLayout>& layout) {
  Shape shape;
  if (layout->has_zone()) {
    shape = Scalar(Encoding::kTimestamp, LogicalType::TIMESTAMP_TZ);
  } else if (layout->has_time()) {
    shape = Scalar(Encoding::kTimestamp, LogicalType::TIMESTAMP);
  } else {
    shape = Scalar(Encoding::kDate, LogicalType::DATE);
  }
  shape.layouts = {layout};
  return shape;
}

Shape ChooseStringShape(const StringSummary& string, const SchemaOptions& options) {
  if (options.time_layout) {
    if (string.all_timestamps) return TimeShape(options.time_layout);
    if (string.all_dates) return Scalar(Encoding::kDate, LogicalType::DATE);
  }
  return Scalar(Encoding::kText, LogicalType::VARCHAR);
}

// Whether two values below `summary` have no type in common but text or JSON.
bool HasConflict(const TypeSummary& summary) {
  const uint8_t kinds = summary.kinds();
  if ((kinds & (kinds - 1)) != 0) return true;
  if (kinds == TypeSummary::kNumber &&
      ChooseNumberShape(summary.number(), NumberType::kAuto).encoding == Encoding::kText) {
    return true;
  }
  if (summary.element() != nullptr && HasConflict(*summary.element())) return true;
  if (summary.values() != nullptr && HasConflict(*summary.values())) return true;
  return std::any_of(summary.fields().begin(), summary.fields().end(),
                     [](const auto& field) { return HasConflict(field.second); });
}

Shape MapOf(const TypeSummary& values, const SchemaOptions& options) {
  Shape shape = Scalar(Encoding::kMap, LogicalType::SQLNULL);
  shape.element.push_back(ChooseShape(values, options));
  shape.type = LogicalType::MAP(LogicalType::VARCHAR, shape.element[0].type);
  return shape;
}

const Field* FindField(const Shape& shape, const std::string& attribute_name) {
  const auto found =
      std::find_if(shape.fields.begin(), shape.fields.end(),
                   [&](const Field& field) { return field.attribute_name == attribute_name; });
  return found == shape.fields.end() ? nullptr : &*found;
}

// Sets the SQL names and the type of a struct; fields of `before` keep their names.
void SetStructType(Shape& shape, const Shape* before = nullptr) {
  std::vector<SqlName> names;
  for (const auto& field : shape.fields) {
    const auto* kept = before != nullptr ? FindField(*before, field.attribute_name) : nullptr;
    names.push_back({field.attribute_name, kept != nullptr ? kept->sql_name : ""});
  }
  const auto sql_names = UniqueSqlNames(names);
  duckdb::child_list_t<LogicalType> children;
  for (size_t i = 0; i < shape.fields.size(); ++i) {
    shape.fields[i].sql_name = sql_names[i];
    children.emplace_back(sql_names[i], shape.fields[i].shape.type);
  }
  shape.type = LogicalType::STRUCT(std::move(children));
  shape.fields_in_order = std::is_sorted(
      shape.fields.begin(), shape.fields.end(),
      [](const Field& a, const Field& b) { return a.attribute_name < b.attribute_name; });
}

Shape ChooseMapShape(const TypeSummary& summary, const SchemaOptions& options) {
  if (summary.values() != nullptr) return MapOf(*summary.values(), options);
  if (summary.fields().size() > kUniformFieldsMax) {
    TypeSummary values;
    for (const auto& [name, field] : summary.fields()) values.Join(field);
    if (!HasConflict(values)) return MapOf(values, options);
  }
  // A struct needs a field, and an empty name cannot be one.
  if (summary.fields().empty() || summary.fields().count("") > 0) return Json();
  Shape shape;
  shape.encoding = Encoding::kStruct;
  for (const auto& [name, field] : summary.fields()) {
    shape.fields.push_back({name, name, ChooseShape(field, options)});
  }
  if (LeafCount(shape) > kLeavesMax) return Json();
  SetStructType(shape);
  return shape;
}

Shape ListOf(Shape element) {
  Shape shape = Scalar(Encoding::kList, LogicalType::LIST(element.type));
  shape.element.push_back(std::move(element));
  return shape;
}

// Without a layout of the user's: ISO 8601, as most programs write it.
std::vector<std::shared_ptr<const TimeLayout>> IsoLayouts() {
  std::vector<std::shared_ptr<const TimeLayout>> layouts;
  for (const char* layout :
       {"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999",
        "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999"}) {
    layouts.push_back(std::make_shared<const TimeLayout>(TimeLayout::Parse(layout).value()));
  }
  return layouts;
}

Result<Shape> DeclaredStruct(const LogicalType& type, const SchemaOptions& options) {
  Shape shape;
  shape.encoding = Encoding::kStruct;
  for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) {
    SUMAC_ASSIGN_OR_RETURN(auto field, DeclaredShape(child, options));
    shape.fields.push_back({name, name, std::move(field)});
  }
  SetStructType(shape);
  return shape;
}

Result<Shape> DeclaredMap(const LogicalType& type, const SchemaOptions& options) {
  SUMAC_ASSIGN_OR_RETURN(auto values, DeclaredShape(duckdb::MapType::ValueType(type), options));
  Shape shape = Scalar(Encoding::kMap, LogicalType::MAP(LogicalType::VARCHAR, values.type));
  shape.element.push_back(std::move(values));
  return shape;
}

std::optional<Encoding> DeclaredScalar(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR:
      return type.IsJSONType() ? Encoding::kJson : Encoding::kTextOrJson;
    case LogicalTypeId::BOOLEAN:
      return Encoding::kBoolean;
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::HUGEINT:
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::UBIGINT:
      return Encoding::kInteger;
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
      return Encoding::kNearestDouble;
    case LogicalTypeId::DECIMAL:
      return Encoding::kDecimal;
    case LogicalTypeId::BLOB:
      return Encoding::kBinary;
    case LogicalTypeId::DATE:
      return Encoding::kDate;
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
      return Encoding::kTimestamp;
    default:
      return std::nullopt;
  }
}

}  // namespace

Shape ChooseNumberShape(const NumberSummary& number, NumberType number_type) {
  const bool integers = number.fraction_digits_max == 0;
  switch (number_type) {
    case NumberType::kDouble:
      return Scalar(Encoding::kNearestDouble, LogicalType::DOUBLE);
    case NumberType::kString:
      return Scalar(Encoding::kText, LogicalType::VARCHAR);
    case NumberType::kDecimal:
      // Digits before the point go first: what is cut off behind it stands in `_overflow`.
      return Decimal(std::clamp(kDecimalWidth - number.decimal_integer_digits_max, 0,
                                std::min<int>(number.fraction_digits_max, kDecimalWidth)));
    case NumberType::kAuto:
      break;
  }
  if (number.all_int64) return Scalar(Encoding::kBigint, LogicalType::BIGINT);
  if (!number.unreadable) {
    const bool fits_decimal =
        number.integer_digits_max + number.fraction_digits_max <= kDecimalWidth;
    if (number.all_double_exact && !(integers && fits_decimal)) {
      return Scalar(Encoding::kDouble, LogicalType::DOUBLE);
    }
    if (fits_decimal) return Decimal(number.fraction_digits_max);
  }
  return Scalar(Encoding::kText, LogicalType::VARCHAR);
}

Shape ChooseShape(const TypeSummary& summary, const SchemaOptions& options) {
  constexpr uint8_t kNested = TypeSummary::kList | TypeSummary::kMap;
  switch (summary.kinds()) {
    case 0:
      return Scalar(Encoding::kText, LogicalType::VARCHAR);
    case TypeSummary::kString:
      return ChooseStringShape(summary.string(), options);
    case TypeSummary::kNumber:
      return ChooseNumberShape(summary.number(), options.number_type);
    case TypeSummary::kBoolean:
      return Scalar(Encoding::kBoolean, LogicalType::BOOLEAN);
    case TypeSummary::kBinary:
      return Scalar(Encoding::kBinary, LogicalType::BLOB);
    case TypeSummary::kMap:
      return ChooseMapShape(summary, options);
    case TypeSummary::kList:
      return ListOf(
          ChooseShape(summary.element() != nullptr ? *summary.element() : TypeSummary(), options));
    default:
      break;
  }
  if ((summary.kinds() & kNested) != 0) return Json();
  return Scalar(Encoding::kText, LogicalType::VARCHAR);
}

Result<Shape> DeclaredShape(const LogicalType& type, const SchemaOptions& options) {
  switch (type.id()) {
    case LogicalTypeId::LIST: {
      SUMAC_ASSIGN_OR_RETURN(auto element,
                             DeclaredShape(duckdb::ListType::GetChildType(type), options));
      return ListOf(std::move(element));
    }
    case LogicalTypeId::STRUCT:
      return DeclaredStruct(type, options);
    case LogicalTypeId::MAP:
      return DeclaredMap(type, options);
    default:
      break;
  }
  const auto encoding = DeclaredScalar(type);
  if (!encoding) {
    return Fail(ErrorCode::kUnsupported,
                "attributes cannot be read as the type " + type.ToString());
  }
  Shape shape = Scalar(*encoding, type);
  shape.from_text = true;
  const auto& layout = options.time_layout;
  if (*encoding == Encoding::kTimestamp) {
    shape.layouts = layout ? std::vector{layout} : IsoLayouts();
  } else if (*encoding == Encoding::kDate && layout && !layout->has_time() && !layout->has_zone()) {
    shape.layouts = {layout};
  }
  return shape;
}

size_t LeafCount(const Shape& shape) {
  size_t leaves = shape.encoding == Encoding::kMap ? 1 : 0;
  for (const auto& element : shape.element) leaves += LeafCount(element);
  for (const auto& field : shape.fields) leaves += LeafCount(field.shape);
  return std::max<size_t>(leaves, 1);
}

void KeepFieldNames(Shape& shape, const Shape& before) {
  if (shape.encoding != before.encoding) return;
  switch (shape.encoding) {
    case Encoding::kList:
      KeepFieldNames(shape.element[0], before.element[0]);
      shape.type = LogicalType::LIST(shape.element[0].type);
      return;
    case Encoding::kMap:
      KeepFieldNames(shape.element[0], before.element[0]);
      shape.type = LogicalType::MAP(LogicalType::VARCHAR, shape.element[0].type);
      return;
    case Encoding::kStruct:
      for (auto& field : shape.fields) {
        const auto* kept = FindField(before, field.attribute_name);
        if (kept != nullptr) KeepFieldNames(field.shape, kept->shape);
      }
      SetStructType(shape, &before);
      return;
    default:
      return;
  }
}

std::vector<std::string> UniqueSqlNames(const std::vector<SqlName>& names) {
  const auto lower = [](const std::string& name) { return duckdb::StringUtil::Lower(name); };
  std::set<std::string> exact;
  std::set<std::string> taken;
  std::vector<std::string> unique(names.size());
  std::vector<bool> kept(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    exact.insert(lower(names[i].name));
    kept[i] = !names[i].kept.empty() && taken.insert(lower(names[i].kept)).second;
    if (kept[i]) unique[i] = names[i].kept;
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (kept[i]) continue;
    std::string sql_name = names[i].name;
    for (int suffix = 2;
         taken.count(lower(sql_name)) > 0 || (suffix > 2 && exact.count(lower(sql_name)) > 0);
         ++suffix) {
      sql_name = names[i].name + "_" + std::to_string(suffix);
    }
    taken.insert(lower(sql_name));
    unique[i] = std::move(sql_name);
  }
  return unique;
}

}  // namespace sumac::items
