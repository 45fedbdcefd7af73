// The answer to GET /v1/datasets.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "datasets/runtime.h"
#include "server/http/http_reply.h"

namespace sumac::server {

// `query` is what followed '?': `status=true` adds the state of each dataset, what an accelerated
// one has of its copy at the time `now`, and why it or its last refresh failed; `source` keeps
// those whose `from` is it or begins with it and a colon, `format` is json or csv.
HttpReply DatasetsReply(const std::vector<datasets::DatasetStatus>& datasets,
                        const std::map<std::string, std::string>& query, WallTime now);

}  // namespace sumac::server
