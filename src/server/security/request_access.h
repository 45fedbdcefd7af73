// Who may ask an endpoint what: the one place that knows which endpoints are open, which need a
// key, and which need one that may change something.
#pragma once

#include <optional>
#include <string_view>

#include "server/http/http_reply.h"
#include "server/http/route.h"
#include "server/security/api_keys.h"

namespace sumac::server {

// What a request shows of itself: the values of its headers, empty without them.
struct ShownKey {
  std::string_view api_key;        // X-API-Key
  std::string_view authorization;  // Authorization: "Bearer <key>"
};

// The reply that refuses a request to `endpoint`, which may be null: none that is known. 401
// without a key that is known, 403 with one that may not do this; nothing when it may go on.
std::optional<HttpReply> RefuseAccess(const ApiKeys& keys, const Endpoint* endpoint,
                                      const ShownKey& shown);

}  // namespace sumac::server
