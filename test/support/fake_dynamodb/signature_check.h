// AWS Signature Version 4 from the service's side: recomputes the signature of a request as it was
// received. Shares no code with the signer under test (aws/), so that a mistake cannot hide in
// both. Source: AWS general reference, "Create a signed AWS API request".
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "fake_dynamodb/http_server.h"
#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

// Who may sign, and for what.
struct Signer {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: requests must not carry one
  std::string region;
  std::string service = "dynamodb";
};

// Returns what the service answers when the request is not signed by `signer`, or nothing when it
// is. With `now`, also refuses signatures more than 15 minutes away from it.
std::optional<ServiceError> CheckSignature(const ReceivedRequest& request, const Signer& signer,
                                           std::optional<WallTime> now = std::nullopt);

}  // namespace sumac::fake_dynamodb
