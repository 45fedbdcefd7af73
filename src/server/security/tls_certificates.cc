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

void WarnIfOld(const X509& certificate, const std::string& path, WallTime now) {
  time_t seconds_now = std::chrono::system_clock::to_time_t(now);
  if (X509_cmp_time(X509_get0_notAfter(&certificate), &seconds_now) >= 0) return;
  spdlog::warn("The TLS certificate{} has expired; clients will refuse it", FileText(path));
}

}  // namespace

Result<CertificatePair> TlsCertificates::Read() const {
  CertificatePair pair{source_.certificate, source_.key};
  if (!source_.certificate_file.empty()) {
    SUMAC_ASSIGN_OR_RETURN(pair.certificate_chain,
                           ReadText(source_.certificate_file, "certificate"));
  }
  if (!source_.key_file.empty()) {
    SUMAC_ASSIGN_OR_RETURN(auto key, ReadText(source_.key_file, "key"));
    pair.private_key = SecretString(std::move(key));
  }
  SUMAC_ASSIGN_OR_RETURN(const auto chain,
                         ParseChain(pair.certificate_chain, source_.certificate_file));
  SUMAC_ASSIGN_OR_RETURN(const auto key, ParseKey(pair.private_key.Reveal(), source_.key_file));
  const bool fits = X509_check_private_key(chain[0].get(), key.get()) == 1;
  ERR_clear_error();
  if (!fits) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the TLS key{} is not that of the first certificate{}",
                            FileText(source_.key_file), FileText(source_.certificate_file)));
  }
  const bool known = current_ != nullptr && current_->certificate_chain == pair.certificate_chain;
  if (!known) WarnIfOld(*chain[0], source_.certificate_file, clock_->WallNow());
  return pair;
}

Result<std::shared_ptr<TlsCertificates>> TlsCertificates::Create(
    TlsSource source, std::shared_ptr<const Clock> clock) {
  std::shared_ptr<TlsCertificates> made(new TlsCertificates(std::move(source), std::move(clock)));
  SUMAC_ASSIGN_OR_RETURN(auto pair, made->Read());
  made->current_ = std::make_shared<const CertificatePair>(std::move(pair));
  made->looked_at_ = made->clock_->MonotonicNow();
  return made;
}

std::shared_ptr<const CertificatePair> TlsCertificates::Current() {
  std::lock_guard lock(mutex_);
  const auto now = clock_->MonotonicNow();
  const bool from_files = !source_.certificate_file.empty() || !source_.key_file.empty();
  if (!from_files || now - looked_at_ < kLookAgainAfter) return current_;
  looked_at_ = now;
  auto read = Read();
  if (!read) {
    const auto& message = read.error().message;
    if (message != last_failure_) {
      spdlog::warn("The TLS certificate stays as it was: {}", message);
    }
    last_failure_ = message;
    return current_;
  }
  last_failure_.clear();
  if (read->certificate_chain == current_->certificate_chain &&
      read->private_key == current_->private_key) {
    return current_;
  }
  read->version = current_->version + 1;
  current_ = std::make_shared<const CertificatePair>(*std::move(read));
  spdlog::info("The TLS certificate was read anew");
  return current_;
}

}  // namespace sumac::server
