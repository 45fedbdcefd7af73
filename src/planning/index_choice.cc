#include "planning/index_choice.h"

#include <algorithm>

#include "planning/key_sets.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using dynamodb::IndexDescription;
using dynamodb::KeyAttribute;
using Kind = Condition::Kind;

template <typename T>
bool Contains(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool IsKeyOf(const std::vector<KeyAttribute>& keys, const std::string& attribute) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const KeyAttribute& key) { return key.name == attribute; });
}

// Whether every item that meets the condition has the attribute as a key of an index can be. With
// `typed`, items that have it otherwise are not asked for; else the condition has to rule them out.
bool Implies(const Condition& condition, const KeyAttribute& key, size_t bytes_max, bool typed) {
  const auto implies = [&](const Condition& part) { return Implies(part, key, bytes_max, typed); };
  switch (condition.kind) {
    case Kind::kAll:
      return std::any_of(condition.parts.begin(), condition.parts.end(), implies);
    case Kind::kAny:
      return !condition.parts.empty() &&
             std::all_of(condition.parts.begin(), condition.parts.end(), implies);
    case Kind::kNot:
    case Kind::kNotExists:
      return false;
    default:
      break;
  }
  if (condition.path != dynamodb::AttributePath{key.name}) return false;
  const bool are_keys =
      std::all_of(condition.values.begin(), condition.values.end(),
                  [&](const auto& value) { return CanBeKey(value, key, bytes_max); });
  // Of bytes and strings in a range some may be too long for a key.
  const bool range_of_keys = are_keys && key.type == dynamodb::KeyType::kNumber;
  switch (condition.kind) {
    case Kind::kExists:
    case Kind::kHasType:
      return typed;
    case Kind::kCompare:
      if (condition.comparison == Comparison::kNotEqual) return false;
      return typed || (condition.comparison == Comparison::kEqual ? are_keys : range_of_keys);
    case Kind::kIn:
      return typed || are_keys;
    case Kind::kBetween:
      return typed || range_of_keys;
    case Kind::kBeginsWith:
      return typed;
    default:
      return false;
  }
}

bool HoldsAllItems(const IndexDescription& index, const std::vector<Condition>& conditions,
                   const ReadDemand& demand, const dynamodb::TableDescription& table) {
  const auto is_implied = [&](const KeyAttribute& key, size_t bytes_max) {
    if (IsKeyOf(table.keys, key.name)) return true;
    const bool typed = Contains(demand.typed, key.name);
    return std::any_of(conditions.begin(), conditions.end(),
                       [&](const Condition& one) { return Implies(one, key, bytes_max, typed); });
  };
  return std::all_of(
             index.partition_keys.begin(), index.partition_keys.end(),
             [&](const auto& key) { return is_implied(key, dynamodb::kPartitionKeyBytesMax); }) &&
         std::all_of(index.sort_keys.begin(), index.sort_keys.end(),
                     [&](const auto& key) { return is_implied(key, dynamodb::kSortKeyBytesMax); });
}

bool Covers(const IndexDescription& index, const ReadDemand& demand,
            const dynamodb::TableDescription& table) {
  if (index.projection == IndexDescription::Projection::kAll) return true;
  return demand.attributes &&
         std::all_of(demand.attributes->begin(), demand.attributes->end(),
                     [&](const auto& name) { return Holds(index, table, name); });
}

bool IsBetter(const IndexChoice& a, const IndexChoice& b) {
  if (a.keys.known != b.keys.known) return a.keys.known > b.keys.known;
  if (a.covers != b.covers) return a.covers;
  return a.index->size_bytes < b.index->size_bytes;
}

}  // namespace

bool Holds(const IndexDescription& index, const dynamodb::TableDescription& table,
           const std::string& attribute) {
  return index.projection == IndexDescription::Projection::kAll || IsKeyOf(table.keys, attribute) ||
         IsKeyOf(index.partition_keys, attribute) || IsKeyOf(index.sort_keys, attribute) ||
         Contains(index.included, attribute);
}

std::optional<IndexChoice> ChooseIndex(const std::vector<Condition>& conditions,
                                       const ReadDemand& demand,
                                       const dynamodb::TableDescription& table) {
  std::optional<IndexChoice> best;
  for (const auto& index : table.indexes) {
    // The service reads global indexes eventually consistent only.
    if (!index.active || (demand.consistent_read && !index.is_local)) continue;
    if (!HoldsAllItems(index, conditions, demand, table)) continue;
    auto keys = ChooseKeys(conditions, index.partition_keys, index.sort_keys,
                           {demand.whole_numbers, kKeysMax, false});
    if (!keys) continue;
    IndexChoice choice{&index, *std::move(keys), Covers(index, demand, table)};
    if (!best || IsBetter(choice, *best)) best = std::move(choice);
  }
  return best;
}

}  // namespace sumac::planning
