#include "filter_equivalence/random_filter.h"

namespace sumac::filter_equivalence {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

std::string Quoted(const std::string& text) {
  return duckdb::KeywordHelper::WriteQuoted(text, '\'');
}

std::string Comparison(Random& random) {
  return random.Pick({" = ", " <> ", " < ", " <= ", " > ", " >= ", " IS DISTINCT FROM ",
                      " IS NOT DISTINCT FROM "});
}

std::string TextLiteral(Random& random) {
  return Quoted(
      random.Pick({"",      "a",    "b",   "ab", "abc", "ab#1", "a b",     "true",
                   "false", "5",    "7.5", "-3", "Zoë", "😀",    "x\"y\\z", "{\"k\":1}",
                   "YWI=",  "YWJ=", "[1]", "zz", "k",   "~",    " ",       "2025-01-01"}));
}

std::string NumberLiteral(Random& random) {
  return random.Pick({"-3", "0", "1", "5", "7", "7.5", "12", "100", "-0.1", "9007199254740993",
                      "1000", "0.1", "1e30", "4.9999", "3.25", "300", "127"});
}

std::string TimeLiteral(Random& random, const LogicalType& type) {
  const auto text =
      random.Pick({"2025-01-01", "2025-01-02", "2024-12-31", "1970-01-01", "2025-01-01 12:30:00",
                   "2025-01-01 12:30:00.5", "2024-12-31 23:59:59.999", "0001-01-01", "9999-12-31"});
  return Quoted(text) + "::" + type.ToString();
}

std::string Pattern(Random& random) {
  return Quoted(
      random.Pick({"a%",  "ab%", "5%",    "t%", "-%", "[%", "%b%",  "%r%", "%5%", "%\"%", "%b",
                   "a%b", "a_%", "%a_c%", "_",  "%",  "",   "ab#%", "%#%", "a%1", "2025%"}));
}

std::string Literal(Random& random, const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR:
      return TextLiteral(random);
    case LogicalTypeId::BOOLEAN:
      return random.Pick({"true", "false"});
    case LogicalTypeId::BLOB:
      return random.Pick({"'ab'", "'\\x00'", "'\\xFF'", "''", "'a'"}) + "::BLOB";
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
      return TimeLiteral(random, type);
    default: {
      const auto number = NumberLiteral(random);
      return random.OneIn(8) ? number + "::" + random.Pick({"DOUBLE", "BIGINT", "DECIMAL(38,2)"})
                             : number;
    }
  }
}

// One that compares `column`, an expression of a scalar type.
std::string ScalarLeaf(Random& random, const std::string& column, const LogicalType& type) {
  const auto literal = [&] { return Literal(random, type); };
  switch (random.Below(6)) {
    case 0:
      return literal() + Comparison(random) + column;
    case 1: {
      std::string list;
      const auto count = 1 + random.Below(4);
      for (uint64_t i = 0; i < count; ++i) list += (i > 0 ? ", " : "") + literal();
      if (random.OneIn(8)) list += ", NULL";
      return column + (random.OneIn(2) ? " IN (" : " NOT IN (") + list + ")";
    }
    case 2:
      return column + (random.OneIn(2) ? " BETWEEN " : " NOT BETWEEN ") + literal() + " AND " +
             literal();
    default:
      return column + Comparison(random) + literal();
  }
}

std::string TextLeaf(Random& random, const std::string& column) {
  const auto number = std::to_string(random.Below(6));
  switch (random.Below(8)) {
    case 0:
    case 1:
      return column + (random.OneIn(2) ? " LIKE " : " NOT LIKE ") + Pattern(random);
    case 2:
      return "starts_with(" + column + ", " + TextLiteral(random) + ")";
    case 3:
      return "contains(" + column + ", " + TextLiteral(random) + ")";
    case 4:
      return random.Pick({"length(", "strlen(", "octet_length(encode("}) + column + ")" +
             Comparison(random) + number;
    default:
      return ScalarLeaf(random, column, LogicalType::VARCHAR);
  }
}

std::string Leaf(Random& random, const std::string& column, const items::Shape& shape);

std::string ListLeaf(Random& random, const std::string& column, const items::Shape& shape) {
  const auto& element = shape.element[0];
  switch (random.Below(4)) {
    case 0:
      return random.Pick({"len(", "array_length(", "length("}) + column + ")" + Comparison(random) +
             std::to_string(random.Below(4));
    case 1:
      if (element.fields.empty() && element.element.empty()) {
        return random.Pick({"list_contains(", "contains(", "array_has("}) + column + ", " +
               Literal(random, element.type) + ")";
      }
      [[fallthrough]];
    default:
      return Leaf(random, column + "[" + random.Pick({"1", "2", "3", "-1", "0"}) + "]", element);
  }
}

std::string Leaf(Random& random, const std::string& column, const items::Shape& shape) {
  if (random.OneIn(6)) return column + random.Pick({" IS NULL", " IS NOT NULL"});
  switch (shape.encoding) {
    case items::Encoding::kList:
      return ListLeaf(random, column, shape);
    case items::Encoding::kStruct: {
      const auto& field = random.Pick(shape.fields);
      return Leaf(random,
                  "(" + column + ")." + duckdb::KeywordHelper::WriteQuoted(field.sql_name, '"'),
                  field.shape);
    }
    case items::Encoding::kMap:
    case items::Encoding::kJson:
      return column + random.Pick({" IS NULL", " IS NOT NULL"});
    case items::Encoding::kText:
    case items::Encoding::kTextOrJson:
      return TextLeaf(random, column);
    case items::Encoding::kBoolean:
      if (random.OneIn(3)) return column;
      return ScalarLeaf(random, column, shape.type);
    default:
      return ScalarLeaf(random, column, shape.type);
  }
}

// Whole keys by name, as a row or as parts of an OR.
std::string KeysLeaf(Random& random, const items::ItemSchema& schema) {
  std::string row;
  std::vector<std::string> columns;
  for (size_t i = 0; i < schema.key_count; ++i) {
    columns.push_back(duckdb::KeywordHelper::WriteQuoted(schema.columns[i].sql_name, '"'));
    row += (i > 0 ? ", " : "") + columns.back();
  }
  const auto count = 1 + random.Below(3);
  const bool as_row = schema.key_count > 1 && random.OneIn(2);
  std::string filter = as_row ? "(" + row + ") IN (" : "(";
  for (uint64_t key = 0; key < count; ++key) {
    if (key > 0) filter += as_row ? ", " : " OR ";
    filter += "(";
    for (size_t i = 0; i < columns.size(); ++i) {
      const auto value = random.OneIn(12) ? "NULL" : Literal(random, schema.columns[i].shape.type);
      if (i > 0) filter += as_row ? ", " : " AND ";
      filter += as_row ? value : columns[i] + " = " + value;
    }
    filter += ")";
  }
  return filter + ")";
}

}  // namespace

std::string MakeRandomFilter(Random& random, const items::ItemSchema& schema, int depth) {
  if (random.OneIn(10)) return KeysLeaf(random, schema);
  if (depth == 0 || random.OneIn(3)) {
    const auto& column = random.OneIn(4) ? schema.columns[random.Below(schema.key_count)]
                                         : random.Pick(schema.columns);
    return Leaf(random, duckdb::KeywordHelper::WriteQuoted(column.sql_name, '"'), column.shape);
  }
  const auto part = [&] { return MakeRandomFilter(random, schema, depth - 1); };
  switch (random.Below(3)) {
    case 0:
      return "NOT (" + part() + ")";
    case 1:
      return "(" + part() + " AND " + part() + ")";
    default:
      return "(" + part() + " OR " + part() + ")";
  }
}

}  // namespace sumac::filter_equivalence
