// What is asked of lists and maps as a whole, and of how much is in a value.
#include "planning/alternatives.h"
#include "planning/literal.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using items::Encoding;

std::string SizeLiteral(int64_t size) {
  return *NumberLiteral(duckdb::Value::BIGINT(size));
}

// Longer than any value.
constexpr int64_t kSizeMax = int64_t{1} << 30;

}  // namespace

Translation ListContainsCondition(const ColumnPath& column, const duckdb::Value& constant,
                                  bool truth) {
  if (column.shape->encoding != Encoding::kList || constant.IsNull()) return {};
  const ColumnPath element{column.path, &column.shape->element[0], nullptr, {}};
  const auto equal = AlternativesOf(element, Comparison::kEqual, constant);
  if (!equal) return {};
  Alternatives any;
  const auto add = [&](const Condition& one, bool is_sure) {
    // dynalite finds no booleans in lists, no empty text, and bytes as text.
    const bool finds = one.kind == Condition::Kind::kCompare &&
                       one.comparison == Comparison::kEqual && one.values[0] != StringLiteral("") &&
                       !one.values[0].starts_with("{\"BOOL\"");
    if (!finds) return false;
    auto contains = Condition::Contains(column.path, one.values[0]);
    if (is_sure && !one.values[0].starts_with("{\"B\"")) {
      any.Sure(std::move(contains));
    } else {
      any.Perhaps(std::move(contains));
    }
    return true;
  };
  bool found = !equal->sure.empty() || !equal->perhaps.empty();
  for (const auto& one : equal->sure) found = add(one, true) && found;
  for (const auto& one : equal->perhaps) found = add(one, false) && found;
  if (!found) {
    any.perhaps.clear();
    any.sure.clear();
    for (const char* type : {"L", "SS", "NS", "BS"}) {
      any.Perhaps(Condition::HasType(column.path, type));
    }
    return TranslationOf(column, any, truth);
  }
  // A text contains its parts.
  any.guard = Condition::Not(
      Condition::Any({Condition::HasType(column.path, "S"), Condition::HasType(column.path, "B")}));
  return TranslationOf(column, any, truth);
}

Translation CompareSizeCondition(const ColumnPath& column, Comparison comparison, int64_t size,
                                 SizeOf size_of, bool truth) {
  if (size < 0 || size > kSizeMax) return {};
  if (!truth) comparison = Opposite(comparison);
  const auto encoding = column.shape->encoding;
  if (IsText(*column.shape)) {
    if (size_of == SizeOf::kElements) return {};
    if (comparison == Comparison::kNotEqual) {
      return {IsNullCondition(column, false).condition, false};
    }
    return TranslationOf(
        column, CompareTextSize(column, comparison, size, size_of == SizeOf::kBytes), true);
  }
  const bool is_list = encoding == Encoding::kList && size_of == SizeOf::kElements;
  const bool is_map = encoding == Encoding::kMap && size_of == SizeOf::kElements;
  const bool is_binary = encoding == Encoding::kBinary && size_of == SizeOf::kBytes;
  if (!is_list && !is_map && !is_binary) return {};
  // No key is a list or a map, and a key of another type shows nothing.
  if (column.key_type != nullptr && (!is_binary || !MayHave(column, "B"))) return {};
  Alternatives any;
  any.Sure(Condition::CompareSize(column.path, comparison, SizeLiteral(size)));
  if (is_binary && column.key_type == nullptr) {
    // dynalite finds no size of no bytes.
    auto empty = Condition::Compare(column.path, Comparison::kEqual, BinaryLiteral(""));
    if (Holds(size == 0 ? 0 : -1, comparison)) any.Sure(std::move(empty));
  }
  any.guard = IsNullCondition(column, false).condition;
  return TranslationOf(column, any, true);
}

Alternatives CompareTextSize(const ColumnPath& column, Comparison comparison, int64_t size,
                             bool of_bytes) {
  // The service counts units of its own, of which a character has one to four and a byte a quarter
  // to one.
  const int64_t least = of_bytes ? (size + 3) / 4 : size;
  const int64_t most = of_bytes ? size : size * 4;
  Alternatives any;
  if (MayHave(column, "S")) {
    std::vector<Condition> all;
    const auto bound = [&](Comparison of_bound, int64_t value) {
      all.push_back(Condition::CompareSize(column.path, of_bound, SizeLiteral(value)));
    };
    switch (comparison) {
      case Comparison::kGreater:
        bound(Comparison::kGreater, of_bytes ? size / 4 : size);
        break;
      case Comparison::kGreaterOrEqual:
        bound(Comparison::kGreaterOrEqual, least);
        break;
      case Comparison::kLess:
        bound(Comparison::kLess, most);
        break;
      case Comparison::kLessOrEqual:
        bound(Comparison::kLessOrEqual, most);
        break;
      default:
        bound(Comparison::kGreaterOrEqual, least);
        bound(Comparison::kLessOrEqual, most);
        break;
    }
    any.Perhaps(Condition::All(std::move(all)));
    // dynalite finds no size of the empty text.
    if (Holds(size == 0 ? 0 : -1, comparison) && column.key_type == nullptr) {
      any.Perhaps(Condition::Compare(column.path, Comparison::kEqual, StringLiteral("")));
      any.Perhaps(Condition::Compare(column.path, Comparison::kEqual, BinaryLiteral("")));
    }
  }
  const bool shows_nested = column.shape->encoding == Encoding::kTextOrJson;
  for (const char* type : {"N", "B", "M", "L", "SS", "NS", "BS"}) {
    const bool is_scalar = type[1] == '\0' && (type[0] == 'N' || type[0] == 'B');
    if (!MayHave(column, type) || (!is_scalar && !shows_nested)) continue;
    any.Perhaps(Condition::HasType(column.path, type));
  }
  for (const bool value : {true, false}) {
    if (!MayHave(column, "BOOL") || !Holds((value ? 4 : 5) - static_cast<int>(size), comparison)) {
      continue;
    }
    any.Perhaps(Condition::Compare(column.path, Comparison::kEqual, BooleanLiteral(value)));
  }
  return any;
}

}  // namespace sumac::planning
