// What a request of POST /v1/datasets/{name}/acceleration/refresh asks for.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "datasets/runtime.h"

namespace sumac::server {

// `body` is empty, or a JSON object with any of `refresh_sql`, `refresh_mode` and
// `refresh_jitter_max`, each a string or null. The last is checked and has no effect: who asks by
// hand does not want to wait for chance. Errors: kInvalidArgument, which names the member that is
// wrong.
Result<datasets::RefreshOverrides> ParseAccelerationRefresh(const std::string& body);

// What a request of PATCH /v1/datasets/{name}/acceleration asks for: an object with `refresh_sql`
// alone, a string or null, which is nothing. Errors: kInvalidArgument.
Result<std::optional<std::string>> ParseAccelerationChange(const std::string& body);

}  // namespace sumac::server
