// Who we are to AWS. A provider is one verb; the chain and the cache are providers too, so that the
// whole search is a composition: cache(chain(environment, profile, web identity, ...)).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret_string.h"

namespace sumac::aws {

struct Credentials {
  std::string access_key_id;
  SecretString secret_access_key;
  SecretString session_token;  // empty for long-lived keys
  // When the service will refuse them; absent when nobody said.
  std::optional<WallTime> expires_at;
  // Twelve digits, or empty when the source does not tell.
  std::string account_id;
  // Where they come from, for a person: "role arn:... with the keys of profile 'base'". No secret.
  std::string source;
};

// Whether a service could tell `a` from `b`.
bool SameKeys(const Credentials& a, const Credentials& b);

// One source that was asked, in the order of asking; for `sumac credentials`.
struct SourceReport {
  enum class Outcome { kUsed, kNotConfigured, kFailed };
  std::string source;
  Outcome outcome = Outcome::kNotConfigured;
  // Why it gave nothing, or what it gave. No secret.
  std::string detail;
};

// What `source` answered, as a report.
SourceReport MakeReport(std::string source, const Result<Credentials>& answer);

// One search for credentials.
struct CredentialsRequest {
  // Polled about every 20 ms while waiting, when not null.
  const std::atomic<bool>* cancelled = nullptr;
  // Receives what every source said, when not null.
  std::vector<SourceReport>* reports = nullptr;
};

// Thread-safe.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;

  // Finds credentials. Blocks: it reads files, asks servers and runs programs, so it is never
  // called on the transport's thread; CredentialsCache is what stands between. An error with code
  // kNotFound means "not configured here" and lets a chain go on; every other error stops it.
  virtual Result<Credentials> GetCredentials(const CredentialsRequest& request) = 0;

  // What this provider is, for messages: "environment variables".
  virtual std::string Name() const = 0;
};

}  // namespace sumac::aws
