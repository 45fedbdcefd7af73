// `columns:` of a dataset as the schema wants them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "items/schema_options.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// Errors: kInvalidArgument and kUnsupported, naming the column: a type that is none, one that
// attributes cannot be read as, a column given twice, a json_object that is not "*".
Result<std::vector<items::DeclaredColumn>> ReadDeclaredColumns(
    const std::vector<spicepod::Column>& columns);

// For connectors whose tables have types of their own. `prefix` is the connector's. Error
// kUnsupported, naming the first column of `columns:` with a type or with metadata that would
// change what is read; descriptions are fine.
Status RefuseDeclaredColumns(const std::vector<spicepod::Column>& columns,
                             const std::string& prefix);

}  // namespace sumac::datasets
