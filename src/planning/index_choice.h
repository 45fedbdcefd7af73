// Which secondary index can answer. Internal to planning/.
//
// An index holds only the items that have all of its key attributes, each with the index's type. So
// it can answer only where every item that is asked for must be such an item.
// Source: developer guide, "Take advantage of sparse indexes" and "Detecting and correcting index
// key violations".
#pragma once

#include <optional>
#include <vector>

#include "planning/key_choice.h"
#include "planning/read_plan.h"

namespace sumac::planning {

struct IndexChoice {
  const dynamodb::IndexDescription* index = nullptr;
  KeyChoices keys;
  // It holds all attributes that are wanted; else the items are to be got by their keys, or, of a
  // local index, are fetched by the service.
  bool covers = false;
};

// The one that knows most of the key, then one that covers, then the smallest. Nothing when none
// can answer. `conditions` are those of the demand, taken apart.
std::optional<IndexChoice> ChooseIndex(const std::vector<dynamodb::Condition>& conditions,
                                       const ReadDemand& demand,
                                       const dynamodb::TableDescription& table);

// Whether the index has this attribute of every item that it holds.
bool Holds(const dynamodb::IndexDescription& index, const dynamodb::TableDescription& table,
           const std::string& attribute);

}  // namespace sumac::planning
