// TLS for gRPC with certificates that may be replaced while it serves.
#pragma once

#include <memory>

#include <grpcpp/security/server_credentials.h>

#include "server/security/tls_certificates.h"

namespace sumac::server {

// Asks `certificates` with each new connection. Clients are not asked for certificates. Must
// outlive the server that it is given to.
std::shared_ptr<grpc::ServerCredentials> MakeFlightCredentials(
    std::shared_ptr<TlsCertificates> certificates);

}  // namespace sumac::server
