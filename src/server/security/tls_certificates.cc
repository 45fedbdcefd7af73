#include "server/security/tls_certificates.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/log.h"
#include "spicepod/secrets.h"

namespace sumac::server {
namespace {

using std::chrono::seconds;

constexpr seconds kLookAgainAfter{1};
constexpr size_t kFileBytesMax = 1 << 20;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> BioOf(const std::string& text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<std::string> ReadText(const std::string& path, const char* what) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || std::filesystem::is_directory(path, ignored)) {
    return Fail(ErrorCode::kNotFound,
                fmt::format("the TLS {} cannot be read from the file '{}'", what, path));
  }
  std::string text(kFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() <= kFileBytesMax) return text;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("the TLS {} file '{}' is larger than 1 MiB", what, path));
}

// Asking on the terminal, which OpenSSL would do, is nothing for a server.
int RefusePassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

std::string FileText(const std::string& path) {
  return path.empty() ? "" : " in '" + path + "'";
}

Result<std::vector<Owned<X509>>> ParseChain(const std::string& text, const std::string& path) {
  const auto bio = BioOf(text);
  std::vector<Owned<X509>> chain;
  while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    chain.emplace_back(certificate);
  }
  const unsigned long last = ERR_peek_last_error();
  const bool ended = ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!chain.empty() && ended) return chain;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("the TLS certificate{} is not one in PEM{}", FileText(path),
                          chain.empty() ? "" : " from its second on"));
}

Result<Owned<EVP_PKEY>> ParseKey(const std::string& text, const std::string& path) {
  const auto bio = BioOf(text);
  bool encrypted = false;
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, RefusePassword, &encrypted));
  ERR_clear_error();
  if (key != nullptr) return key;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("the TLS key{} is {}", FileText(path),
                          encrypted ? "encrypted; give it without a password"
                                    : "not a private key in PEM"));
}

time_t ExpiryOf(const X509& certificate) {
  tm broken_down{};
  // One without a readable time is refused by clients, and by this server's warning.
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &broken_down) != 1) return 0;
  return timegm(&broken_down);
}

}  // namespace

Result<CertificatePair> TlsCertificates::Read(const TlsSource& source) {
  CertificatePair pair{source.certificate, source.key};
  if (!source.certificate_file.empty()) {
    SUMAC_ASSIGN_OR_RETURN(pair.certificate_chain,
                           ReadText(source.certificate_file, "certificate"));
  }
  if (!source.key_file.empty()) {
    SUMAC_ASSIGN_OR_RETURN(auto key, ReadText(source.key_file, "key"));
    pair.private_key = SecretString(std::move(key));
  }
  SUMAC_ASSIGN_OR_RETURN(const auto chain,
                         ParseChain(pair.certificate_chain, source.certificate_file));
  SUMAC_ASSIGN_OR_RETURN(const auto key, ParseKey(pair.private_key.Reveal(), source.key_file));
  const bool fits = X509_check_private_key(chain[0].get(), key.get()) == 1;
  ERR_clear_error();
  if (!fits) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the TLS key{} is not that of the first certificate{}",
                            FileText(source.key_file), FileText(source.certificate_file)));
  }
  pair.expires_at = std::chrono::system_clock::from_time_t(ExpiryOf(*chain[0]));
  return pair;
}

Result<std::shared_ptr<TlsCertificates>> TlsCertificates::Create(
    TlsSource source, std::shared_ptr<const Clock> clock) {
  SUMAC_ASSIGN_OR_RETURN(auto pair, Read(source));
  std::shared_ptr<TlsCertificates> made(new TlsCertificates(std::move(source), std::move(clock)));
  made->current_ = std::make_shared<const CertificatePair>(std::move(pair));
  made->WarnIfOld();
  made->looked_at_ = made->clock_->MonotonicNow();
  return made;
}

Status TlsCertificates::Replace(TlsSource source) {
  std::lock_guard lock(mutex_);
  SUMAC_ASSIGN_OR_RETURN(auto pair, Read(source));
  source_ = std::move(source);
  last_failure_.clear();
  Take(std::move(pair));
  return {};
}

std::shared_ptr<const CertificatePair> TlsCertificates::Current() {
  std::lock_guard lock(mutex_);
  const auto now = clock_->MonotonicNow();
  const bool from_files = !source_.certificate_file.empty() || !source_.key_file.empty();
  if (!from_files || now - looked_at_ < kLookAgainAfter) return current_;
  looked_at_ = now;
  auto read = Read(source_);
  if (!read) {
    const auto& message = read.error().message;
    if (message != last_failure_) {
      spdlog::warn("The TLS certificate stays as it was: {}", message);
    }
    last_failure_ = message;
    return current_;
  }
  last_failure_.clear();
  Take(*std::move(read));
  return current_;
}

void TlsCertificates::Take(CertificatePair pair) {
  const bool another_certificate = pair.certificate_chain != current_->certificate_chain;
  if (!another_certificate && pair.private_key == current_->private_key) return;
  pair.version = current_->version + 1;
  current_ = std::make_shared<const CertificatePair>(std::move(pair));
  if (another_certificate) WarnIfOld();
  spdlog::info("The TLS certificate was read anew");
}

void TlsCertificates::WarnIfOld() const {
  if (clock_->WallNow() < current_->expires_at) return;
  spdlog::warn("The TLS certificate{} has expired; clients will refuse it",
               FileText(source_.certificate_file));
}

}  // namespace sumac::server
