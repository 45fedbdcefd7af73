// Views of a Spicepod, one per kind of entity of a table.
#pragma once

#include <string>
#include <vector>

#include "datasets/connector.h"

namespace sumac::cli {

// What an item of the kind is, as SQL conditions that hold together, the sort key's first because
// it tells most; none when nothing tells it from others. `type_attribute` is that of its
// EntityKinds. Error kUnsupported when an attribute that is needed has no text column of its
// own.
Result<std::vector<std::string>> KindConditions(const items::EntityKind& kind,
                                                const std::string& type_attribute,
                                                const datasets::TableInspection& table);

struct KindViews {
  // A `views:` section of a Spicepod, to its end of line.
  std::string yaml;
  // One line each, for a person: what has no view, and why.
  std::vector<std::string> notes;
};

// `taken` are the names that views may not have. Each view has exactly the items of its kind, and
// only the columns that they have.
KindViews MakeKindViews(const std::string& dataset_name, const datasets::TableInspection& table,
                        const std::vector<std::string>& taken);

}  // namespace sumac::cli
