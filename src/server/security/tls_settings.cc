// What the Spicepod and the command line say of TLS.
#include <filesystem>

#include <fmt/format.h>

#include "server/security/tls_certificates.h"
#include "spicepod/secrets.h"

namespace sumac::server {
namespace {

// One of the two parts, as it is written.
struct TlsPart {
  std::string text;
  std::string file;
};

TlsPart PartOf(const std::string& text, const std::string& file, const TlsPart& otherwise) {
  return text.empty() && file.empty() ? otherwise : TlsPart{text, file};
}

Status CheckPart(const TlsPart& part, std::string_view name, const std::string& where) {
  if (part.text.empty() == part.file.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: TLS needs {} '{}_file' {} '{}'", where,
                            part.text.empty() ? "either" : "only one of", name,
                            part.text.empty() ? "or" : "and", name));
  }
  return {};
}

std::string PlaceOf(const spicepod::Spicepod& pod) {
  return pod.runtime.tls ? pod.runtime.tls->location.ToString() + ": runtime.tls" : "--tls";
}

}  // namespace

Result<std::optional<TlsSource>> LoadTlsSource(
    const spicepod::Spicepod& pod, const std::map<std::string, std::string>& environment,
    const TlsOverrides& overrides) {
  const auto tls = pod.runtime.tls.value_or(spicepod::Tls());
  const bool given = !overrides.certificate.empty() || !overrides.certificate_file.empty() ||
                     !overrides.key.empty() || !overrides.key_file.empty();
  if (!overrides.enabled.value_or(given || tls.enabled)) return std::nullopt;
  const std::string where = PlaceOf(pod);

  SUMAC_ASSIGN_OR_RETURN(const auto resolver,
                         spicepod::SecretResolver::Create(pod.secrets, pod.directory, environment));
  const auto resolve = [&](const std::string& text) -> Result<std::string> {
    auto resolved = resolver.Resolve(text);
    if (!resolved) return Fail(std::move(resolved).error().WithContext(where));
    return resolved->value.Reveal();
  };
  TlsPart certificate;
  TlsPart key;
  SUMAC_ASSIGN_OR_RETURN(certificate.text, resolve(tls.certificate));
  SUMAC_ASSIGN_OR_RETURN(certificate.file, resolve(tls.certificate_file));
  SUMAC_ASSIGN_OR_RETURN(key.text, resolve(tls.key));
  SUMAC_ASSIGN_OR_RETURN(key.file, resolve(tls.key_file));
  for (std::string* file : {&certificate.file, &key.file}) {
    if (file->empty()) continue;
    *file = (std::filesystem::path(pod.directory) / *file).lexically_normal().string();
  }
  certificate = PartOf(overrides.certificate, overrides.certificate_file, certificate);
  key = PartOf(overrides.key, overrides.key_file, key);
  SUMAC_RETURN_IF_ERROR(CheckPart(certificate, "certificate", where));
  SUMAC_RETURN_IF_ERROR(CheckPart(key, "key", where));

  TlsSource source;
  source.certificate = std::move(certificate.text);
  source.certificate_file = std::move(certificate.file);
  source.key = SecretString(std::move(key.text));
  source.key_file = std::move(key.file);
  return source;
}

Result<std::shared_ptr<TlsCertificates>> LoadTlsCertificates(
    const spicepod::Spicepod& pod, const std::map<std::string, std::string>& environment,
    const TlsOverrides& overrides, std::shared_ptr<const Clock> clock) {
  SUMAC_ASSIGN_OR_RETURN(auto source, LoadTlsSource(pod, environment, overrides));
  if (!source) return nullptr;
  auto made = TlsCertificates::Create(*std::move(source), std::move(clock));
  if (!made) return Fail(std::move(made).error().WithContext(PlaceOf(pod)));
  return made;
}

}  // namespace sumac::server
