// Whom the servers of `sumac run` answer and how much, and how their bytes are protected: at the
// start, and when the Spicepod is read again.
#pragma once

#include "base/result.h"
#include "cli/commands.h"
#include "server/http/http_server.h"
#include "server/security/api_keys.h"
#include "server/security/tls_certificates.h"
#include "spicepod/spicepod.h"

namespace sumac::cli {

// What all servers share of it. The pointers are not null, but for `tls` when it is not enabled.
struct ServerSecurity {
  std::shared_ptr<server::CurrentApiKeys> api_keys;
  std::shared_ptr<server::TlsCertificates> tls;
  server::Cors cors;
  server::QueryLimits query_limits;
};

// Errors, which name the place in the Spicepod: those of LoadApiKeys, LoadTlsCertificates and
// Cors::Create.
Result<ServerSecurity> LoadServerSecurity(const RunOptions& options, const spicepod::Spicepod& pod);

// Takes the keys and the certificate of a Spicepod that was read again. Whether there are any stays
// as it was. Errors, after which all is as before: the same.
Status TakeServerSecurity(const RunOptions& options, const spicepod::Spicepod& pod,
                          const ServerSecurity& security);

}  // namespace sumac::cli
