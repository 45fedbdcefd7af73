#include "server/security/request_access.h"

#include "server/http/error_reply.h"
#include "server/http/header_text.h"

namespace sumac::server {
namespace {

enum class Need { kNothing, kRead, kReadWrite };

// A new endpoint has to say what it needs: the compiler asks for its case.
Need NeedOf(Endpoint endpoint) {
  switch (endpoint) {
    // For probes, which have no key.
    case Endpoint::kHealth:
    case Endpoint::kReady:
    // Says what there is, and nothing of what is in it.
    case Endpoint::kOpenApi:
      return Need::kNothing;
    // On an address of its own, for Prometheus alone.
    case Endpoint::kMetrics:
      return Need::kNothing;
    case Endpoint::kSql:
    case Endpoint::kDatasets:
    case Endpoint::kStatus:
    case Endpoint::kCatalogs:
    case Endpoint::kSpicepods:
    case Endpoint::kActiveQueries:
      return Need::kRead;
    case Endpoint::kSchemaRefresh:
    case Endpoint::kAccelerationRefresh:
    case Endpoint::kAccelerationChange:
    case Endpoint::kCancelQuery:
      return Need::kReadWrite;
  }
  return Need::kReadWrite;
}

std::string_view KeyOf(const ShownKey& shown) {
  if (!shown.api_key.empty()) return shown.api_key;
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view value = shown.authorization;
  if (!EqualsIgnoreCase(value.substr(0, kScheme.size()), kScheme)) return {};
  value.remove_prefix(kScheme.size());
  while (value.starts_with(' ')) value.remove_prefix(1);
  return value;
}

}  // namespace

std::optional<HttpReply> RefuseAccess(const ApiKeys& keys, const Endpoint* endpoint,
                                      const ShownKey& shown) {
  if (!keys.required()) return std::nullopt;
  const Need need = endpoint == nullptr ? Need::kRead : NeedOf(*endpoint);
  if (need == Need::kNothing) return std::nullopt;
  const auto key = keys.Find(KeyOf(shown));
  if (!key) {
    HttpReply reply = TextReply(401, "Unauthorized");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
  }
  if (need == Need::kReadWrite && key->access == Access::kRead) {
    return TextReply(403, "This API key may only read; the Spicepod gives it more with ':rw'.");
  }
  return std::nullopt;
}

}  // namespace sumac::server
