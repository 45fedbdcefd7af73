#include <algorithm>

#include "dynamodb/expression_limits.h"
#include "planning/key_sets.h"
#include "planning/read_plan.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;

// Operators and functions in one expression. Source: developer guide, "Service quotas: expression
// parameters".
constexpr size_t kOperatorsMax = 300;
// Of all values in a request; the service's own bound is 2 MB.
constexpr size_t kValueBytesMax = 1 << 20;
// Of keys, as literals: the service's bounds on bytes, and what JSON writes around them.
constexpr size_t kPartitionKeyBytesMax = 2'048;
constexpr size_t kSortKeyBytesMax = 1'024;
constexpr size_t kLiteralBytes = 8;  // {"S":""}

// A query costs at least this, and a scan so many bytes a unit.
constexpr double kUnitsOfQuery = 0.5;
constexpr double kBytesPerReadUnit = 8'192;
// Where the table's size is unknown.
constexpr size_t kQueriesUnknownSizeMax = 100;

size_t OperatorsIn(const Condition& condition) {
  size_t operators = condition.parts.size() + condition.values.size() + 1;
  for (const auto& part : condition.parts) operators += OperatorsIn(part);
  return operators;
}

size_t ValueBytesIn(const Condition& condition) {
  size_t bytes = 0;
  for (const auto& value : condition.values) bytes += value.size();
  for (const auto& part : condition.parts) bytes += ValueBytesIn(part);
  return bytes;
}

bool Fits(const Condition& condition) {
  return dynamodb::ExpressionBytes(condition) <= dynamodb::kExpressionBytesMax &&
         OperatorsIn(condition) <= kOperatorsMax && ValueBytesIn(condition) <= kValueBytesMax;
}

// As many of them as one expression takes; the longest go first.
std::optional<Condition> FilterOf(std::vector<Condition> conditions) {
  while (!conditions.empty()) {
    auto all = Condition::All(conditions);
    if (Fits(all)) return all;
    const auto longest = std::max_element(
        conditions.begin(), conditions.end(), [](const Condition& a, const Condition& b) {
          return OperatorsIn(a) + ValueBytesIn(a) < OperatorsIn(b) + ValueBytesIn(b);
        });
    conditions.erase(longest);
  }
  return std::nullopt;
}

// Of a string or number literal; of a binary one more than it has.
size_t BytesOf(const std::string& literal) {
  size_t bytes = 0;
  for (size_t i = 0; i < literal.size(); ++i, ++bytes) {
    if (literal[i] == '\\') i += i + 1 < literal.size() && literal[i + 1] == 'u' ? 5 : 1;
  }
  return bytes - std::min(bytes, kLiteralBytes);
}

// Values that no key can have are not asked for: the service would refuse the request.
std::vector<std::string> PossibleKeys(std::vector<std::string> values, size_t bytes_max) {
  const auto impossible = [bytes_max](const std::string& value) {
    const size_t bytes = BytesOf(value);
    // Base64 has four letters for three bytes.
    const bool binary = value.starts_with("{\"B\"");
    return bytes == 0 || (binary ? bytes / 4 * 3 > bytes_max + 2 : bytes > bytes_max);
  };
  values.erase(std::remove_if(values.begin(), values.end(), impossible), values.end());
  return values;
}

bool PaysOff(size_t queries, const dynamodb::TableDescription& table) {
  if (queries > kQueriesMax) return false;
  if (table.size_bytes == 0) return queries <= kQueriesUnknownSizeMax;
  const double scan_units = static_cast<double>(table.size_bytes) / kBytesPerReadUnit;
  // Little is read either way, and the size may be hours old.
  return queries <= 2 || static_cast<double>(queries) * kUnitsOfQuery <= std::max(scan_units, 1.0);
}

// Top-level conjuncts.
std::vector<Condition> Flattened(const std::vector<Condition>& conditions) {
  auto all = Condition::All(conditions);
  if (all.kind == Condition::Kind::kAll) return std::move(all.parts);
  return {std::move(all)};
}

// One condition for each value of the sort key that may be, or one for a range of it, or none.
std::vector<std::optional<Condition>> SortKeyConditions(const std::vector<Condition>& conditions,
                                                        const std::string& attribute) {
  std::vector<std::optional<Condition>> choices;
  if (const auto values = ValuesOf(conditions, attribute)) {
    for (const auto& value : PossibleKeys(*values, kSortKeyBytesMax)) {
      choices.emplace_back(Condition::Compare({attribute}, Comparison::kEqual, value));
    }
    return choices;
  }
  auto bounds = BoundsOf(conditions, attribute);
  if (bounds.contradiction) return choices;
  if (bounds.condition) {
    for (const auto& value : bounds.condition->values) {
      if (PossibleKeys({value}, kSortKeyBytesMax).empty()) bounds.condition.reset();
      if (!bounds.condition) break;
    }
  }
  choices.push_back(std::move(bounds.condition));
  return choices;
}

}  // namespace

ReadPlan PlanRead(const std::vector<Condition>& conditions,
                  const dynamodb::TableDescription& table) {
  ReadPlan plan;
  if (conditions.empty()) return plan;
  const auto all = Flattened(conditions);
  std::vector<std::string> keys;
  for (const auto& key : table.keys) keys.push_back(key.name);
  const auto partitions = keys.empty() ? std::nullopt : ValuesOf(all, keys[0]);
  if (partitions) {
    const auto values = PossibleKeys(*partitions, kPartitionKeyBytesMax);
    std::vector<std::optional<Condition>> sort_keys{std::nullopt};
    if (keys.size() > 1) sort_keys = SortKeyConditions(all, keys[1]);
    if (values.empty() || sort_keys.empty()) {
      plan.access_path = ReadPlan::AccessPath::kNothing;
      return plan;
    }
    if (PaysOff(values.size() * sort_keys.size(), table)) {
      plan.access_path = ReadPlan::AccessPath::kQuery;
      for (const auto& value : values) {
        for (const auto& sort_key : sort_keys) {
          std::vector<Condition> both{Condition::Compare({keys[0]}, Comparison::kEqual, value)};
          if (sort_key) both.push_back(*sort_key);
          plan.key_conditions.push_back(Condition::All(std::move(both)));
        }
      }
    }
  }
  std::vector<Condition> filters;
  for (const auto& condition : all) {
    // A query's filter may not be of its key.
    const bool is_query = plan.access_path == ReadPlan::AccessPath::kQuery;
    if (is_query && Concerns(condition, keys)) continue;
    filters.push_back(condition);
  }
  plan.filter = FilterOf(std::move(filters));
  if (plan.access_path == ReadPlan::AccessPath::kQuery) plan.scan_filter = FilterOf(all);
  return plan;
}

ReadPlan PlanScan(const std::vector<Condition>& conditions) {
  ReadPlan plan;
  if (!conditions.empty()) plan.filter = FilterOf(Flattened(conditions));
  return plan;
}

const char* OperationName(ReadPlan::AccessPath access_path) {
  switch (access_path) {
    case ReadPlan::AccessPath::kScan:
      return "Scan";
    case ReadPlan::AccessPath::kQuery:
      return "Query";
    case ReadPlan::AccessPath::kNothing:
      return "Nothing to read";
  }
  return "";
}

}  // namespace sumac::planning
