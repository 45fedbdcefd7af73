#include "cli/server_security.h"

#include "base/log.h"
#include "cli/pod_source.h"

namespace sumac::cli {

Result<ServerSecurity> LoadServerSecurity(const RunOptions& options,
                                          const spicepod::Spicepod& pod) {
  ServerSecurity security;
  const auto environment = ProcessEnvironment();
  SUMAC_ASSIGN_OR_RETURN(auto api_keys, server::LoadApiKeys(pod, environment));
  security.api_keys = std::make_shared<server::CurrentApiKeys>(std::move(api_keys));
  SUMAC_ASSIGN_OR_RETURN(security.cors, server::Cors::Create(pod));
  if (pod.runtime.query.timeout) {
    security.query_limits.timeout =
        std::chrono::ceil<std::chrono::milliseconds>(*pod.runtime.query.timeout);
  }
  security.query_limits.result_rows_max = pod.runtime.query.max_result_rows;
  SUMAC_ASSIGN_OR_RETURN(
      security.tls,
      server::LoadTlsCertificates(pod, environment, options.tls, std::make_shared<SystemClock>()));
  return security;
}

Status TakeServerSecurity(const RunOptions& options, const spicepod::Spicepod& pod,
                          const ServerSecurity& security) {
  const auto environment = ProcessEnvironment();
  // Keys that are no longer asked for would open the server, which wants more than an edited file.
  SUMAC_ASSIGN_OR_RETURN(auto api_keys, server::LoadApiKeys(pod, environment));
  SUMAC_ASSIGN_OR_RETURN(auto source, server::LoadTlsSource(pod, environment, options.tls));
  if (security.tls != nullptr && source) {
    SUMAC_RETURN_IF_ERROR(security.tls->Replace(*std::move(source)));
  }
  if (security.api_keys->Get()->required() && api_keys.required()) {
    security.api_keys->Replace(std::move(api_keys));
  }
  return {};
}

}  // namespace sumac::cli
