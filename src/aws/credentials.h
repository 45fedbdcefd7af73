// Who we are to AWS. A provider is one verb; a chain is a provider that asks others in order.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret_string.h"

namespace sumac::aws {

struct Credentials {
  std::string access_key_id;
  SecretString secret_access_key;
  SecretString session_token;  // empty for long-lived keys
  std::optional<WallTime> expires_at;
};

// Thread-safe.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;

  // Returns credentials; may be called for each request, so providers cache. An error with code
  // kNotFound means "not configured here" and lets a chain go on; every other error stops it.
  virtual Result<Credentials> GetCredentials() = 0;

  // What this provider is, for messages: "environment variables".
  virtual std::string Name() const = 0;
};

}  // namespace sumac::aws
