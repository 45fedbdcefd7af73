// The keys, of a table or of an index, that items can have which meet conditions. Internal to
// planning/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamodb/condition.h"
#include "dynamodb/table_description.h"

namespace sumac::planning {

// What the key attributes have to be, in one of the ways that they can: equality of each partition
// key, and equality of sort keys as far as they are known, then perhaps a range of the next.
struct KeyChoice {
  std::vector<dynamodb::Condition> parts;
};

struct KeyChoices {
  std::vector<KeyChoice> choices;
  // Each is the key of one item, if the key is a table's.
  bool whole = false;
  // Whether no range stands for single values.
  bool exact = true;
  // How much of the key is known, to compare: two for each equality, one for a range.
  int known = 0;
};

struct KeyChoiceOptions {
  // Attributes whose values are whole numbers in every item that is asked for.
  std::vector<std::string> whole_numbers;
  // What is more is left as ranges, or is no choice.
  size_t choices_max = 0;
  // Ranges of sort keys stand for their values.
  bool ranges_only = false;
};

// Nothing when any partition may hold such items, or too many. No choice at all when there can be
// no such item. Values of other types than the key's are none that it can have.
std::optional<KeyChoices> ChooseKeys(const std::vector<dynamodb::Condition>& conditions,
                                     const std::vector<dynamodb::KeyAttribute>& partition_keys,
                                     const std::vector<dynamodb::KeyAttribute>& sort_keys,
                                     const KeyChoiceOptions& options);

// Whole keys that one of the conditions, an OR, has a part for each of; each once. Nothing when
// there is no such condition, or too many.
std::optional<KeyChoices> ChooseNamedKeys(const std::vector<dynamodb::Condition>& conditions,
                                          const std::vector<dynamodb::KeyAttribute>& partition_keys,
                                          const std::vector<dynamodb::KeyAttribute>& sort_keys,
                                          const KeyChoiceOptions& options);

// Whether a key can have the value: the service refuses requests with others.
bool CanBeKey(const std::string& value, const dynamodb::KeyAttribute& key, size_t bytes_max);

// {"id":{"S":"x"}} of a choice that is whole.
std::string WholeKey(const KeyChoice& choice);

}  // namespace sumac::planning
