// Errors as gRPC says them.
#pragma once

#include <string_view>

#include <grpcpp/impl/codegen/status.h>

#include "base/error.h"

namespace sumac::server {

// INVALID_ARGUMENT for whatever the client can put right. Credentials that a source refuses are the
// server's, not the client's, so they are no UNAUTHENTICATED here. Clients repeat calls that fail
// with UNAVAILABLE or INTERNAL.
grpc::Status FlightStatusOf(const Error& error);

// As gRPC writes it: "INVALID_ARGUMENT".
std::string_view FlightStatusName(grpc::StatusCode code);

}  // namespace sumac::server
