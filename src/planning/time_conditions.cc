// Comparisons of columns of dates and times, which are read from S in a layout. What is no time is
// NULL, so that a range of texts is never all that is asked.
#include <algorithm>

#include "items/time_layout.h"
#include "planning/alternatives.h"
#include "planning/literal.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using items::TimeLayout;

// Without a layout a date is read as this.
const std::vector<std::shared_ptr<const TimeLayout>>& IsoDate() {
  static const std::vector<std::shared_ptr<const TimeLayout>> kLayouts{
      std::make_shared<const TimeLayout>(TimeLayout::Parse("2006-01-02").value())};
  return kLayouts;
}

// The loosest bounds of all layouts; nothing when one has none.
std::optional<std::string> Loosest(const std::vector<std::shared_ptr<const TimeLayout>>& layouts,
                                   int64_t microseconds, bool lower) {
  std::optional<std::string> loosest;
  for (const auto& layout : layouts) {
    auto bound = lower ? layout->LeastTextFrom(microseconds) : layout->TextBehind(microseconds);
    if (!bound) return std::nullopt;
    if (!loosest || (lower ? *bound < *loosest : *bound > *loosest)) loosest = std::move(bound);
  }
  return loosest;
}

}  // namespace

Alternatives CompareTime(const ColumnPath& column, Comparison comparison, int64_t microseconds) {
  Alternatives any;
  if (!MayHave(column, "S")) return any;
  const auto& layouts = column.shape->layouts.empty() ? IsoDate() : column.shape->layouts;
  if (comparison == Comparison::kEqual && layouts.size() == 1 && layouts[0]->WritesOneText()) {
    const auto text = layouts[0]->Format(microseconds);
    if (layouts[0]->ParseMicroseconds(text) == microseconds) {
      any.Sure(Condition::Compare(column.path, comparison, StringLiteral(text)));
      return any;
    }
  }
  std::vector<Condition> all;
  if (!Holds(-1, comparison)) {
    if (const auto least = Loosest(layouts, microseconds, true)) {
      all.push_back(
          Condition::Compare(column.path, Comparison::kGreaterOrEqual, StringLiteral(*least)));
    }
  }
  if (!Holds(1, comparison)) {
    if (const auto behind = Loosest(layouts, microseconds, false)) {
      all.push_back(Condition::Compare(column.path, Comparison::kLess, StringLiteral(*behind)));
    }
  }
  if (all.empty()) all.push_back(Condition::HasType(column.path, "S"));
  any.Perhaps(Condition::All(std::move(all)));
  return any;
}

}  // namespace sumac::planning
