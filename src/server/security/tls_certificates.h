// The certificate and the private key that the servers show, from files that may be replaced while
// they serve. HTTP and Flight ask the same object.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret_string.h"
#include "spicepod/spicepod.h"

namespace sumac::server {

// Where a certificate and its key come from: of each, either a text in PEM or a file of it.
struct TlsSource {
  std::string certificate;  // the server's first, then those that lead to its authority
  std::string certificate_file;
  SecretString key;
  std::string key_file;
};

// A certificate chain and its key, which belong together. Both are in PEM.
struct CertificatePair {
  std::string certificate_chain;
  SecretString private_key;
  WallTime expires_at;  // the first certificate of the chain
  // Another one, another pair.
  uint64_t version = 0;
};

// Thread-safe.
class TlsCertificates {
 public:
  // Reads the files. Errors, which name the file: kNotFound, kInvalidArgument (no certificate, no
  // key, one that is encrypted, a key of another certificate).
  static Result<std::shared_ptr<TlsCertificates>> Create(TlsSource source,
                                                         std::shared_ptr<const Clock> clock);

  // The pair to use now. Looks at the files, at most once a second; while what they hold is no
  // pair, as between the writing of the one and of the other, the last one stays and a warning says
  // why.
  std::shared_ptr<const CertificatePair> Current();

  // Goes on with another source. Errors, after which it is as before: those of Create.
  Status Replace(TlsSource source);

 private:
  TlsCertificates(TlsSource source, std::shared_ptr<const Clock> clock)
      : clock_(std::move(clock)), source_(std::move(source)) {}
  // Error as for Create.
  static Result<CertificatePair> Read(const TlsSource& source);
  // Serves `pair` if it is another.
  void Take(CertificatePair pair);
  void WarnIfOld() const;

  const std::shared_ptr<const Clock> clock_;
  std::mutex mutex_;
  TlsSource source_;                                // guarded by mutex_
  std::shared_ptr<const CertificatePair> current_;  // guarded by mutex_
  MonotonicTime looked_at_;                         // guarded by mutex_
  std::string last_failure_;                        // guarded by mutex_
};

// What the command line says instead of the Spicepod.
struct TlsOverrides {
  std::optional<bool> enabled;
  std::string certificate;
  std::string certificate_file;
  std::string key;
  std::string key_file;
};

// The source that runtime.tls or the command line names, with its secrets filled in; nothing when
// TLS is not enabled. Files of the Spicepod are relative to its folder. Errors, which name the
// place: kInvalidArgument (a part is missing or there twice), those of SecretResolver.
Result<std::optional<TlsSource>> LoadTlsSource(
    const spicepod::Spicepod& pod, const std::map<std::string, std::string>& environment,
    const TlsOverrides& overrides);

// The certificates of that source; null when TLS is not enabled. Errors: those of Create, too.
Result<std::shared_ptr<TlsCertificates>> LoadTlsCertificates(
    const spicepod::Spicepod& pod, const std::map<std::string, std::string>& environment,
    const TlsOverrides& overrides, std::shared_ptr<const Clock> clock);

}  // namespace sumac::server
