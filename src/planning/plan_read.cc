#include <algorithm>
#include <cmath>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "dynamodb/expression_limits.h"
#include "planning/index_choice.h"
#include "planning/key_choice.h"
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
// A query costs at least this, an item that is got by key as much for each 4 KB that it begins, and
// a scan so many bytes a unit.
constexpr double kUnitsOfQuery = 0.5;
constexpr double kBytesPerReadUnit = 8'192;
constexpr double kBytesPerBlock = 4'096;
// Where the table's size is unknown.
constexpr size_t kRequestsUnknownSizeMax = 100;
// So little that a scan is not worth its risk: the size may be hours old.
constexpr double kUnitsOfNoConcern = 4;

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

// All but the `left_out` that stand first in `longest_first`, which has the number of each,
// together.
Condition AllBut(const std::vector<Condition>& conditions, const std::vector<size_t>& longest_first,
                 size_t left_out) {
  std::vector<size_t> kept(longest_first.begin() + static_cast<ptrdiff_t>(left_out),
                           longest_first.end());
  std::sort(kept.begin(), kept.end());
  std::vector<Condition> parts;
  parts.reserve(kept.size());
  for (const size_t i : kept) parts.push_back(conditions[i]);
  return Condition::All(std::move(parts));
}

// As many of them as one expression takes; the longest go first, and the filter is not `exact`
// then. A text may have a thousand of them, so each size is taken a few times only.
std::optional<Condition> FilterOf(const std::vector<Condition>& conditions, bool& exact) {
  if (conditions.empty()) return std::nullopt;
  if (auto all = Condition::All(conditions); Fits(all)) return all;
  std::vector<size_t> lengths;
  std::vector<size_t> longest_first;
  for (const auto& condition : conditions) {
    longest_first.push_back(lengths.size());
    lengths.push_back(OperatorsIn(condition) + ValueBytesIn(condition));
  }
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [&](size_t a, size_t b) { return lengths[a] > lengths[b]; });
  exact = false;
  // The fewest to leave out: it fits without `enough` of them, if without all, and not without
  // `too_few`.
  size_t too_few = 0;
  size_t enough = conditions.size();
  while (too_few + 1 < enough) {
    const size_t middle = too_few + (enough - too_few) / 2;
    (Fits(AllBut(conditions, longest_first, middle)) ? enough : too_few) = middle;
  }
  if (enough == conditions.size()) return std::nullopt;
  return AllBut(conditions, longest_first, enough);
}

// Whether that many units for so many requests are less than a scan takes.
bool PaysOff(size_t requests, double units, const dynamodb::TableDescription& table) {
  if (table.size_bytes == 0) return requests <= kRequestsUnknownSizeMax;
  const double scan_units = static_cast<double>(table.size_bytes) / kBytesPerReadUnit;
  return units <= std::max(scan_units, kUnitsOfNoConcern);
}

bool QueriesPayOff(size_t queries, const dynamodb::TableDescription& table) {
  return queries <= kKeysMax &&
         PaysOff(queries, static_cast<double>(queries) * kUnitsOfQuery, table);
}

double UnitsOfItem(const dynamodb::TableDescription& table) {
  if (table.item_count == 0) return kUnitsOfQuery;
  const double bytes =
      static_cast<double>(table.size_bytes) / static_cast<double>(table.item_count);
  return kUnitsOfQuery * std::max(1.0, std::ceil(bytes / kBytesPerBlock));
}

bool KeysPayOff(size_t keys, const dynamodb::TableDescription& table) {
  const size_t requests = (keys + dynamodb::kBatchGetKeysMax - 1) / dynamodb::kBatchGetKeysMax;
  return keys <= kKeysMax &&
         PaysOff(requests, static_cast<double>(keys) * UnitsOfItem(table), table);
}

// How many items can be got by key before that is more than a scan takes.
size_t KeysThatPayOff(const dynamodb::TableDescription& table) {
  if (table.size_bytes == 0) return kRequestsUnknownSizeMax * dynamodb::kBatchGetKeysMax;
  const double scan_units = static_cast<double>(table.size_bytes) / kBytesPerReadUnit;
  const double keys = std::max(scan_units, kUnitsOfNoConcern) / UnitsOfItem(table);
  return static_cast<size_t>(std::clamp(keys, 1.0, static_cast<double>(kKeysMax)));
}

bool IsOfWhatIsHeld(const Condition& condition, const dynamodb::IndexDescription& index,
                    const dynamodb::TableDescription& table) {
  return (condition.path.empty() || Holds(index, table, condition.path[0].name)) &&
         std::all_of(condition.parts.begin(), condition.parts.end(),
                     [&](const Condition& part) { return IsOfWhatIsHeld(part, index, table); });
}

// Top-level conjuncts, each once: comparisons of one column have a part in common.
std::vector<Condition> Flattened(const std::vector<Condition>& conditions) {
  auto all = Condition::All(conditions);
  if (all.kind != Condition::Kind::kAll) return {std::move(all)};
  std::vector<Condition> parts;
  std::unordered_map<size_t, std::vector<size_t>> seen;  // by length
  for (auto& part : all.parts) {
    auto& alike = seen[OperatorsIn(part) * kValueBytesMax + ValueBytesIn(part)];
    const bool is_new =
        std::none_of(alike.begin(), alike.end(), [&](size_t i) { return parts[i] == part; });
    if (!is_new) continue;
    alike.push_back(parts.size());
    parts.push_back(std::move(part));
  }
  return parts;
}

std::vector<std::string> NamesOf(const std::vector<dynamodb::KeyAttribute>& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) names.push_back(key.name);
  return names;
}

std::vector<Condition> KeyConditions(const KeyChoices& keys) {
  std::vector<Condition> conditions;
  for (const auto& choice : keys.choices) conditions.push_back(Condition::All(choice.parts));
  return conditions;
}

// Finds items by the table's key; returns how much of it is known, as KeyChoices::known.
int PlanByKey(const std::vector<Condition>& conditions, const ReadDemand& demand,
              const dynamodb::TableDescription& table, ReadPlan& plan) {
  if (table.keys.empty()) return 0;
  const std::vector<dynamodb::KeyAttribute> partition{table.keys[0]};
  const std::vector<dynamodb::KeyAttribute> sort{table.keys.begin() + 1, table.keys.end()};
  KeyChoiceOptions options{demand.whole_numbers, kKeysMax, false};
  auto keys = ChooseKeys(conditions, partition, sort, options);
  const bool is_one_or_none =
      keys && (keys->choices.empty() || (keys->whole && keys->choices.size() == 1));
  if (!is_one_or_none) {
    // Pairs of values are fewer than each value of one key with each of the other.
    auto named = ChooseNamedKeys(conditions, partition, sort, options);
    const bool fewer =
        named && (!keys || !keys->whole || named->choices.size() < keys->choices.size());
    if (fewer && KeysPayOff(named->choices.size(), table)) keys = std::move(named);
  }
  if (!keys) return 0;
  plan.exact = plan.exact && keys->exact && ValuesOf(conditions, table.keys[0].name).has_value();
  if (keys->choices.empty()) {
    plan.access_path = ReadPlan::AccessPath::kNothing;
    return keys->known;
  }
  if (keys->whole && KeysPayOff(keys->choices.size(), table)) {
    plan.access_path = ReadPlan::AccessPath::kGetItems;
    for (const auto& choice : keys->choices) plan.keys.push_back(WholeKey(choice));
  }
  if (!QueriesPayOff(keys->choices.size(), table)) {
    // As many queries as there are partitions may still be worth it.
    options.ranges_only = true;
    plan.exact = false;
    const int known = keys->known;
    keys = ChooseKeys(conditions, partition, sort, options);
    if (!keys) return plan.keys.empty() ? 0 : known;
    if (!QueriesPayOff(keys->choices.size(), table)) return plan.keys.empty() ? 0 : keys->known;
  }
  plan.key_conditions = KeyConditions(*keys);
  if (plan.keys.empty()) plan.access_path = ReadPlan::AccessPath::kQuery;
  return keys->known;
}

// The filter of a query whose key, that of an index or of the table (null), has these attributes.
void AddQueryFilter(const std::vector<Condition>& conditions, const std::vector<std::string>& keys,
                    const dynamodb::IndexDescription* index,
                    const dynamodb::TableDescription& table, ReadPlan& plan) {
  std::vector<Condition> filters;
  for (const auto& condition : conditions) {
    if (Concerns(condition, keys)) {
      // The service takes no filter of the key.
      plan.exact = plan.exact && KeysSayAll(condition, conditions, keys);
    } else if (index != nullptr && !IsOfWhatIsHeld(condition, *index, table)) {
      // What the index does not hold would look as if it were missing.
      plan.exact = false;
    } else {
      filters.push_back(condition);
    }
  }
  plan.filter = FilterOf(filters, plan.exact);
}

// Finds items by an index that knows more of its key than the table does of its own.
void PlanByIndex(const std::vector<Condition>& conditions, const ReadDemand& demand,
                 const dynamodb::TableDescription& table, int known, ReadPlan& plan) {
  const auto choice = ChooseIndex(conditions, demand, table);
  if (!choice || choice->keys.known <= known) return;
  const auto& index = *choice->index;
  const bool completed = !choice->covers && !index.is_local;
  // It takes a query that finds items in the table itself to do without a second step.
  if (completed && known > 0) return;
  if (!QueriesPayOff(choice->keys.choices.size(), table)) return;
  plan.access_path =
      choice->keys.choices.empty() ? ReadPlan::AccessPath::kNothing : ReadPlan::AccessPath::kQuery;
  plan.index_name = index.name;
  plan.key_conditions = KeyConditions(choice->keys);
  plan.fetches_items = !choice->covers && index.is_local;
  plan.completed_by_key = completed;
  plan.completed_keys_max = completed ? KeysThatPayOff(table) : 0;
  auto names = NamesOf(index.partition_keys);
  // Several attributes of one role are more than is known to be said by them.
  plan.exact = plan.exact && choice->keys.exact && !completed && index.partition_keys.size() == 1 &&
               index.sort_keys.size() <= 1;
  for (auto& name : NamesOf(index.sort_keys)) names.push_back(std::move(name));
  plan.filter.reset();
  AddQueryFilter(conditions, names, &index, table, plan);
}

}  // namespace

ReadPlan PlanRead(const ReadDemand& demand, const dynamodb::TableDescription& table) {
  using AccessPath = ReadPlan::AccessPath;
  ReadPlan plan;
  if (demand.conditions.empty()) return plan;
  const auto all = Flattened(demand.conditions);
  const int known = PlanByKey(all, demand, table, plan);
  const bool found =
      plan.access_path == AccessPath::kGetItems || plan.access_path == AccessPath::kNothing;
  if (demand.indexes && !found) {
    PlanByIndex(all, demand, table, known, plan);
  }
  if (plan.access_path == AccessPath::kScan) plan.filter = FilterOf(all, plan.exact);
  if (plan.access_path == AccessPath::kQuery || plan.access_path == AccessPath::kGetItems) {
    plan.scan_filter = FilterOf(all, plan.exact);
    if (plan.index_name.empty()) AddQueryFilter(all, NamesOf(table.keys), nullptr, table, plan);
    // Items that are got by key are not filtered.
    if (plan.access_path == AccessPath::kGetItems && plan.filter) plan.exact = false;
  }
  return plan;
}

ReadPlan WithoutDenied(ReadPlan plan, Denied denied) {
  using AccessPath = ReadPlan::AccessPath;
  if (plan.access_path == AccessPath::kGetItems && denied.get) {
    plan.access_path = AccessPath::kQuery;
    plan.keys.clear();
  }
  if (plan.access_path != AccessPath::kQuery) return plan;
  const bool by_index = !plan.index_name.empty();
  if ((by_index ? denied.index || (plan.completed_by_key && denied.get) : denied.query) ||
      plan.key_conditions.empty()) {
    auto filter = std::move(plan.scan_filter);
    const bool exact = plan.exact;
    plan = {};
    plan.filter = std::move(filter);
    plan.exact = exact;
  }
  return plan;
}

std::optional<SortedBy> OrderOf(const ReadPlan& plan, const dynamodb::TableDescription& table) {
  if (plan.access_path != ReadPlan::AccessPath::kQuery || plan.key_conditions.size() != 1 ||
      plan.completed_by_key) {
    return std::nullopt;
  }
  if (plan.index_name.empty()) {
    return table.keys.size() == 2 ? std::optional(SortedBy{table.keys[1], true}) : std::nullopt;
  }
  for (const auto& index : table.indexes) {
    if (index.name != plan.index_name || index.sort_keys.size() != 1) continue;
    return SortedBy{index.sort_keys[0], false};
  }
  return std::nullopt;
}

const char* OperationName(const ReadPlan& plan) {
  switch (plan.access_path) {
    case ReadPlan::AccessPath::kScan:
      return "Scan";
    case ReadPlan::AccessPath::kQuery:
      return "Query";
    case ReadPlan::AccessPath::kGetItems:
      return plan.keys.size() == 1 ? "GetItem" : "BatchGetItem";
    case ReadPlan::AccessPath::kNothing:
      return "Nothing to read";
  }
  return "";
}

}  // namespace sumac::planning
