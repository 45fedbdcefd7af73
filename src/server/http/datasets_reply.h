// The answer to GET /v1/datasets.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "datasets/runtime.h"
#include "server/http/http_reply.h"

namespace sumac::server {

// `query` is what followed '?': `status=true` adds the state of each dataset (and why it failed),
// `source` keeps those whose `from` is it or begins with it and a colon, `format` is json or csv.
HttpReply DatasetsReply(const std::vector<datasets::DatasetStatus>& datasets,
                        const std::map<std::string, std::string>& query);

}  // namespace sumac::server
