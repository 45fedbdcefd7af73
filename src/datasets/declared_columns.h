// `columns:` of a dataset as the schema wants them.
#pragma once

#include <vector>

#include "base/result.h"
#include "items/schema_options.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// Errors: kInvalidArgument and kUnsupported, naming the column: a type that is none, one that
// attributes cannot be read as, a column given twice, a json_object that is not "*".
Result<std::vector<items::DeclaredColumn>> ReadDeclaredColumns(
    const std::vector<spicepod::Column>& columns);

}  // namespace sumac::datasets
