// The vocabulary of failure. Every fallible function returns a Result<T> (result.h) that carries
// one of these; it is classified once where it arises and translated once at each border: DuckDB
// exception, HTTP status, exit code.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sumac {

// What went wrong, in terms a caller can act on.
enum class ErrorCode {
  kInvalidArgument,    // the request or the configuration is wrong; the same call fails again
  kNotFound,           // the thing that was named does not exist
  kUnauthenticated,    // no credentials, or credentials the service does not know
  kPermissionDenied,   // known credentials that may not do this
  kThrottled,          // the service asked for fewer requests; retry later
  kUnavailable,        // the service or the network failed; retry may help
  kDeadlineExceeded,   // the time given ran out
  kCancelled,          // the caller asked to stop
  kDataCorrupt,        // bytes that do not match their checksum or their format
  kResourceExhausted,  // a bound of ours was reached
  kUnsupported,        // a valid request that Sumac cannot do
  kInternal,           // a bug of ours
};

// Who has to change something for the call to succeed.
enum class Blame { kUser, kService, kNetwork, kSumac };

// One failure. A value: copy it, move it, keep it. The message is for a person: it says what failed
// and what to do, and never contains a secret.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  Blame blame = Blame::kSumac;
  std::string message;
  // True when the same call may succeed without anybody changing anything.
  bool retryable = false;
  // The service's own name for the failure ("ValidationException"); empty when it had none.
  std::string service_code;
  // What the service says of why, as its own words, one after the other with ',' between them
  // ("TableReadProvisionedThroughputExceeded"); empty when it says no more than the code.
  std::string service_reasons;
  // The service's identifier of the request, for its support; empty when it sent none.
  std::string request_id;

  // Returns this error with `context` and ": " before the message.
  Error WithContext(std::string_view context) && {
    message = std::string(context) + ": " + message;
    return std::move(*this);
  }
};

// The stable lower-case name of a code ("not_found"), for logs and for tests.
std::string_view ErrorCodeName(ErrorCode code);

// Short constructors for the usual cases; `blame` follows from the code.
Error UserError(ErrorCode code, std::string message);
Error InternalError(std::string message);
Error CancelledError(std::string message = "The query was cancelled.");

}  // namespace sumac
