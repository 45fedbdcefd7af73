// The SQL that the users of accelerated datasets write, as Sumac runs it. Internal to engine/; what
// is for other rooms is in copy_store.h.
#pragma once

#include <string>

#include "base/result.h"

namespace sumac::engine {

// The query with the dataset in it replaced by spice.sumac_loading.`table`. Error kInvalidArgument:
// see CheckRefreshQuery.
Result<std::string> RefreshQueryOver(const std::string& sql, const std::string& dataset_name,
                                     const std::string& table);

}  // namespace sumac::engine
