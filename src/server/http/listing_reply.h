// Lists of what a process serves, as JSON or, with `format=csv`, as CSV.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/http/backend.h"
#include "server/http/components.h"
#include "server/http/http_reply.h"

namespace sumac::server {

struct Listing {
  using Value = std::variant<std::string, uint64_t>;

  std::vector<std::string_view> columns;
  std::vector<std::vector<Value>> rows;  // each as `columns`
};

// 400 when `query` has a `format` that there is not.
HttpReply ListingReply(const Listing& listing, const std::map<std::string, std::string>& query);

// Of /v1/status: the interfaces that clients of Spice know, where each listens, and whether it
// does.
Listing ListComponents(const Components& components);

// Of /v1/spicepods: the one that is served.
Listing ListSpicepods(const SpicepodSummary& spicepod);

// Of /v1/catalogs: none, as there are no catalogs of other systems yet.
Listing ListCatalogs();

}  // namespace sumac::server
