// AWS Signature Version 4 from the service's side: recomputes the signature of a request as it was
// received. Shares no code with the signer under test (aws/), so that a mistake cannot hide in
// both. Source: AWS general reference, "Create a signed AWS API request".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "fake_dynamodb/http_server.h"
#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

// Who may sign, and for what.
struct Signer {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: requests must not carry one
  std::string region;         // empty: any
  std::string service = "dynamodb";
};

// How far the service's clock and a signature may be apart.
constexpr std::chrono::minutes kSignatureAgeMax{15};

// Returns what the service answers when the request is not signed by `signer`, or nothing when it
// is. With `now`, also refuses signatures more than `age_max` away from it.
std::optional<ServiceError> CheckSignature(const ReceivedRequest& request, const Signer& signer,
                                           std::optional<WallTime> now = std::nullopt,
                                           std::chrono::minutes age_max = kSignatureAgeMax);

// Who a request says it is from. Both empty when it does not say so in the form of this algorithm.
struct CredentialScope {
  std::string access_key_id;
  std::string region;
};

CredentialScope ReadCredentialScope(const ReceivedRequest& request);

enum class SessionTokenState {
  kNone,     // none sent, none wanted
  kRight,    // the signer's
  kWrong,    // another than the signer's, or one where none is wanted
  kMissing,  // none sent, and the signer has one
};

// What a request says of its sender, and how much of it holds.
struct SignatureReport {
  CredentialScope scope;
  SessionTokenState session_token = SessionTokenState::kNone;
  // The signer's own and not too old, whatever the state of the session token.
  bool signature_right = false;
  // What the service answers; nothing when the request is accepted.
  std::optional<ServiceError> refusal;
};

// As CheckSignature, with the one of `signers` whose access key id the request has; there must be
// one at least.
SignatureReport InspectSignature(const ReceivedRequest& request, const std::vector<Signer>& signers,
                                 std::optional<WallTime> now = std::nullopt,
                                 std::chrono::minutes age_max = kSignatureAgeMax);

}  // namespace sumac::fake_dynamodb
