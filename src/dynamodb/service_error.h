// DynamoDB's failures as Errors: one pure function, one table.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace sumac::dynamodb {

// What was asked when the service refused; for messages.
struct Operation {
  std::string name;        // "Scan"
  std::string table_name;  // empty for ListTables
  std::string region;
};

// Classifies a response whose status is not 200. `body` is the service's JSON ({"__type",
// "message"}) or whatever a proxy sent. Sets code, blame, retryable, service_code and request_id;
// the message says what to do where that is known. Pure. Source: developer guide, "Error handling
// with DynamoDB".
Error ClassifyServiceError(const Operation& operation, int status, std::string_view body,
                           std::string_view request_id);

// Whether the service refused who asked in a way that newer credentials may cure: ones that have
// expired, were revoked, or are too new to be known everywhere. Pure.
bool MayBeStaleCredentials(const Error& error);

}  // namespace sumac::dynamodb
