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
// "message"}) or whatever a proxy sent. Sets code, blame, retryable, what is the service's own; the
// message says what to do where that is known. Pure. Source: developer guide, "Error handling with
// DynamoDB".
Error ClassifyServiceError(const Operation& operation, int status, std::string_view body,
                           std::string_view request_id);

// What a throttle holds for.
enum class ThrottleScope {
  kKeyRange,  // the part of the table that was asked for: others may be read on
  kTable,     // the table, or all of the account's
};

// REQUIRES: `error` is kThrottled. A throttle without a reason holds for the table. Pure. Source:
// API_ThrottlingReason in the DynamoDB API reference.
ThrottleScope ScopeOfThrottle(const Error& error);

// Whether the service refused who asked in a way that newer credentials may cure: ones that have
// expired, were revoked, or are too new to be known everywhere. Pure.
bool MayBeStaleCredentials(const Error& error);

}  // namespace sumac::dynamodb
