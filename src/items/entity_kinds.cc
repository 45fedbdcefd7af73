#include "items/entity_kinds.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "base/snake_case.h"
#include "items/key_patterns.h"
#include "items/type_attribute.h"

namespace sumac::items {
namespace {

using Form = KeyPattern::Form;
using PatternKey = std::vector<std::pair<Form, std::string>>;

// Items of one kind before it has a name.
struct Group {
  std::optional<std::string> type_value;
  std::vector<KeyPattern> keys;
  std::vector<const ItemOutline*> items;
};

PatternKey KeyOf(const std::vector<KeyPattern>& patterns) {
  PatternKey key;
  for (const auto& pattern : patterns) key.emplace_back(pattern.form, pattern.text);
  return key;
}

std::vector<std::vector<KeyPattern>> PatternsOf(const std::vector<ItemOutline>& items,
                                                const std::vector<dynamodb::KeyAttribute>& keys) {
  std::vector<std::vector<KeyPattern>> patterns(items.size());
  for (size_t key = 0; key < keys.size(); ++key) {
    std::vector<KeyPattern> of_key(items.size());
    if (keys[key].type == dynamodb::KeyType::kString) {
      std::vector<std::string> values;
      for (const auto& item : items) values.push_back(item.keys[key]);
      of_key = FindKeyPatterns(values, key == 1);
    }
    for (size_t i = 0; i < items.size(); ++i) patterns[i].push_back(std::move(of_key[i]));
  }
  return patterns;
}

std::vector<size_t> NumberGroups(const std::vector<std::vector<KeyPattern>>& patterns) {
  std::map<PatternKey, size_t> numbers;
  std::vector<size_t> groups;
  for (const auto& keys : patterns) {
    groups.push_back(numbers.emplace(KeyOf(keys), numbers.size()).first->second);
  }
  return groups;
}

std::optional<std::string> TypeOf(const ItemOutline& item, const std::string& type_attribute) {
  for (const auto& attribute : item.attributes) {
    if (attribute.name == type_attribute && attribute.value == OutlinedAttribute::Value::kText) {
      return attribute.text;
    }
  }
  return std::nullopt;
}

// A type decides alone, and keys are said of it where all its items agree; without a type the keys
// decide.
std::vector<Group> GroupItems(const std::vector<ItemOutline>& items,
                              const std::vector<std::vector<KeyPattern>>& patterns,
                              const std::string& type_attribute) {
  std::map<std::string, Group> typed;
  std::map<PatternKey, Group> untyped;
  for (size_t i = 0; i < items.size(); ++i) {
    const auto type = TypeOf(items[i], type_attribute);
    auto& group = type ? typed[*type] : untyped[KeyOf(patterns[i])];
    if (group.items.empty()) group = {type, patterns[i], {}};
    for (size_t key = 0; key < group.keys.size(); ++key) {
      if (group.keys[key] != patterns[i][key]) group.keys[key] = KeyPattern();
    }
    group.items.push_back(&items[i]);
  }
  std::vector<Group> groups;
  for (auto& [type, group] : typed) groups.push_back(std::move(group));
  for (auto& [key, group] : untyped) groups.push_back(std::move(group));
  return groups;
}

// Of groups without a type, one whose key has no pattern must not take the items of those whose key
// has one. The sort key is looked at among equal partition keys.
void ExcludeOthers(std::vector<Group>& groups) {
  std::map<std::pair<size_t, PatternKey>, std::map<PatternKey, KeyPattern>> told;
  const auto place = [](const Group& group, size_t key) {
    auto before = KeyOf(group.keys);
    before.resize(key);
    return std::make_pair(key, before);
  };
  for (const auto& group : groups) {
    for (size_t key = 0; key < group.keys.size() && !group.type_value; ++key) {
      const auto& pattern = group.keys[key];
      if (pattern.form != Form::kAny) told[place(group, key)][KeyOf({pattern})] = pattern;
    }
  }
  for (auto& group : groups) {
    if (group.type_value) continue;
    std::vector<KeyPattern> keys = group.keys;
    for (size_t key = 0; key < keys.size(); ++key) {
      const auto found = told.find(place(group, key));
      if (keys[key].form != Form::kAny || found == told.end()) continue;
      keys[key].form = Form::kOther;
      for (const auto& [order, pattern] : found->second) keys[key].others.push_back(pattern);
    }
    group.keys = std::move(keys);
  }
}

// Stands for what the partition key names: USER#1, PROFILE is the user.
bool IsGeneric(const std::string& word) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "profile", "metadata", "meta", "info", "details", "data", "root", "main", "self"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// From the short one to the exact one.
std::vector<std::string> NamesFor(const Group& group) {
  const auto word = [&](size_t key) {
    return key < group.keys.size() ? SnakeCase(group.keys[key].text) : std::string();
  };
  const std::string partition = word(0);
  const std::string sort = word(1);
  std::string exact = partition.empty() ? sort : partition;
  if (!partition.empty() && !sort.empty() && sort != partition) exact += "_" + sort;
  if (group.type_value) {
    const std::string type = SnakeCase(*group.type_value);
    return {type.empty() ? exact : type};
  }
  const bool any_told = std::any_of(group.keys.begin(), group.keys.end(),
                                    [](const auto& key) { return key.form == Form::kOther; });
  if (exact.empty()) return {any_told ? "other" : "item"};
  if (partition.empty() || sort.empty()) return {exact};
  const bool equals = group.keys[1].form == Form::kEquals;
  if (IsGeneric(sort)) return {partition, exact};
  // A setting of a user, an item of an order.
  if (equals || sort == "item") return {exact};
  return {sort, exact};
}

std::string UniqueName(const Group& group, std::set<std::string>& taken) {
  const auto names = NamesFor(group);
  for (const auto& name : names) {
    if (!name.empty() && taken.insert(name).second) return name;
  }
  const std::string stem = names.back().empty() ? "kind" : names.back();
  std::string name = stem;
  for (int suffix = 2; !taken.insert(name).second; ++suffix) {
    name = stem + "_" + std::to_string(suffix);
  }
  return name;
}

EntityKind MakeKind(const Group& group, const std::vector<dynamodb::KeyAttribute>& keys) {
  EntityKind kind;
  kind.type_value = group.type_value;
  kind.keys = group.keys;
  kind.items = group.items.size();
  std::map<std::string, uint64_t> counts;
  for (const auto* item : group.items) {
    for (const auto& attribute : item->attributes) ++counts[attribute.name];
    if (kind.example_keys.empty() || item->keys < kind.example_keys) {
      kind.example_keys = item->keys;
    }
  }
  for (const auto& key : keys) {
    kind.attributes.push_back({key.name, kind.items});
    counts.erase(key.name);
  }
  for (const auto& [name, count] : counts) kind.attributes.push_back({name, count});
  return kind;
}

}  // namespace

EntityKinds FindEntityKinds(const std::vector<ItemOutline>& items,
                            const std::vector<dynamodb::KeyAttribute>& keys) {
  EntityKinds found;
  found.items = items.size();
  const auto patterns = PatternsOf(items, keys);
  found.type_attribute = FindTypeAttribute(items, keys, NumberGroups(patterns));
  auto groups = GroupItems(items, patterns, found.type_attribute);
  ExcludeOthers(groups);
  // Stable: groups come in the order of type and keys.
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return a.items.size() > b.items.size(); });
  std::set<std::string> taken;
  for (const auto& group : groups) {
    if (found.kinds.size() == kEntityKindsMax) {
      ++found.other_kinds;
      found.other_items += group.items.size();
      continue;
    }
    found.kinds.push_back(MakeKind(group, keys));
    found.kinds.back().name = UniqueName(group, taken);
  }
  return found;
}

}  // namespace sumac::items
