#include "planning/key_order.h"

namespace sumac::planning {
namespace {

using duckdb::LogicalTypeId;
using dynamodb::KeyType;
using items::Encoding;

std::optional<KeyOrder> OrderOfNumbers(const items::Shape& shape) {
  switch (shape.encoding) {
    case Encoding::kBigint:
    case Encoding::kInteger:
    case Encoding::kDouble:
    case Encoding::kDecimal:
      return KeyOrder{true, false};
    case Encoding::kNearestDouble:
      // Rounding never turns two values round.
      if (shape.type.id() != LogicalTypeId::DOUBLE) return std::nullopt;
      return KeyOrder{true, true};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<KeyOrder> OrderOfKey(const items::Column& column, const dynamodb::KeyAttribute& key) {
  const auto& shape = column.shape;
  if (column.catch_all || !column.path.empty() || column.attribute_name != key.name) {
    return std::nullopt;
  }
  switch (key.type) {
    case KeyType::kString: {
      const bool as_it_is = shape.encoding == Encoding::kText ||
                            shape.encoding == Encoding::kTextOrJson ||
                            shape.encoding == Encoding::kString;
      // Types that differ in their collation only are equal to DuckDB.
      if (!as_it_is || shape.type != duckdb::LogicalType::VARCHAR ||
          !duckdb::StringType::GetCollation(shape.type).empty()) {
        return std::nullopt;
      }
      // Those of kString may be too long for their column.
      return KeyOrder{shape.encoding == Encoding::kString, false};
    }
    case KeyType::kNumber:
      return OrderOfNumbers(shape);
    case KeyType::kBinary:
      if (shape.encoding != Encoding::kBinary || shape.type != duckdb::LogicalType::BLOB) {
        return std::nullopt;
      }
      return KeyOrder{false, false};
  }
  return std::nullopt;
}

}  // namespace sumac::planning
