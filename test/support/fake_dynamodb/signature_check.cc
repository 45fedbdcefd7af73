#include "fake_dynamodb/signature_check.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace sumac::fake_dynamodb {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// The parts of an Authorization header.
struct Authorization {
  std::string credential;
  std::string signed_headers;
  std::string signature;
};

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const unsigned char byte : bytes) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::string Sha256(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr);
  return {reinterpret_cast<const char*>(digest), length};
}

std::string HmacSha256(std::string_view key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &length);
  return {reinterpret_cast<const char*>(digest), length};
}

ServiceError Missing() {
  return CoralError("MissingAuthenticationTokenException",
                    "Request is missing Authentication Token");
}

ServiceError Incomplete(std::string message) {
  return CoralError("IncompleteSignatureException", std::move(message));
}

ServiceError Invalid(std::string message) {
  return CoralError("InvalidSignatureException", std::move(message));
}

ServiceError Unrecognized() {
  return CoralError("UnrecognizedClientException",
                    "The security token included in the request is invalid.");
}

Answer<Authorization> ParseAuthorization(const std::string& header) {
  const auto space = header.find(' ');
  const auto algorithm = header.substr(0, space);
  if (algorithm.rfind("AWS4-", 0) != 0) return Refuse(Missing());
  if (algorithm != kAlgorithm) {
    return Refuse(Incomplete(fmt::format(
        "Unsupported AWS 'algorithm': '{}' (only AWS4-HMAC-SHA256 for now).", algorithm)));
  }
  Authorization authorization;
  for (auto& part : Split(std::string_view(header).substr(space + 1), ',')) {
    const auto begin = part.find_first_not_of(' ');
    const auto equals = part.find('=');
    if (begin == std::string::npos || equals == std::string::npos) continue;
    const auto name = part.substr(begin, equals - begin);
    const auto value = part.substr(equals + 1);
    if (name == "Credential") authorization.credential = value;
    if (name == "SignedHeaders") authorization.signed_headers = value;
    if (name == "Signature") authorization.signature = value;
  }
  std::string missing;
  const auto require = [&missing](const std::string& value, std::string_view name) {
    if (value.empty())
      missing += fmt::format("Authorization header requires '{}' parameter. ", name);
  };
  require(authorization.credential, "Credential");
  require(authorization.signature, "Signature");
  require(authorization.signed_headers, "SignedHeaders");
  if (!missing.empty()) return Refuse(Incomplete(missing + "Authorization=" + header));
  return authorization;
}

// A header's value as it is signed: runs of spaces become one.
std::string CanonicalValue(std::string_view value) {
  std::string canonical;
  for (const char c : value) {
    if (c == ' ' && !canonical.empty() && canonical.back() == ' ') continue;
    canonical += c;
  }
  return canonical;
}

std::optional<std::string> CanonicalRequest(const ReceivedRequest& request,
                                            const std::string& signed_headers) {
  const auto question = request.target.find('?');
  auto parameters = question == std::string::npos
                        ? std::vector<std::string>{}
                        : Split(std::string_view(request.target).substr(question + 1), '&');
  std::sort(parameters.begin(), parameters.end());
  std::string canonical = request.method + "\n" + request.target.substr(0, question) + "\n" +
                          fmt::format("{}", fmt::join(parameters, "&")) + "\n";
  for (const auto& name : Split(signed_headers, ';')) {
    const std::string* value = request.FindHeader(name);
    if (value == nullptr) return std::nullopt;
    canonical += name + ":" + CanonicalValue(*value) + "\n";
  }
  return canonical + "\n" + signed_headers + "\n" + Hex(Sha256(request.body));
}

// What is wrong with the scope "date/region/service/aws4_request", or an empty string.
std::string ScopeTrouble(const std::vector<std::string>& scope, const Signer& signer,
                         const std::string& timestamp) {
  std::string trouble;
  if (!signer.region.empty() && scope[2] != signer.region) {
    trouble += fmt::format("Credential should be scoped to a valid region, not '{}'. ", scope[2]);
  }
  if (scope[3] != signer.service) {
    trouble +=
        fmt::format("Credential should be scoped to correct service: '{}'. ", signer.service);
  }
  if (scope[4] != "aws4_request") {
    trouble += fmt::format(
        "Credential should be scoped with a valid terminator: 'aws4_request', not '{}'. ",
        scope[4]);
  }
  if (scope[1] != timestamp.substr(0, 8)) {
    trouble += fmt::format(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        "'{}' != '{}', from '{}'. ",
        scope[1], timestamp.substr(0, 8), timestamp);
  }
  return trouble;
}

std::optional<WallTime> ParseTimestamp(const std::string& text) {
  std::tm parts{};
  char zone = 0;
  char separator = 0;
  if (text.size() != 16 ||
      std::sscanf(text.c_str(), "%4d%2d%2d%c%2d%2d%2d%c", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &separator, &parts.tm_hour, &parts.tm_min, &parts.tm_sec,
                  &zone) != 8 ||
      separator != 'T' || zone != 'Z') {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

std::string FormatTimestamp(WallTime time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::optional<ServiceError> CheckAge(WallTime signed_at, WallTime now,
                                     std::chrono::minutes age_max) {
  if (signed_at < now - age_max) {
    return Invalid(fmt::format("Signature expired: {} is now earlier than {} ({} - {} min.)",
                               FormatTimestamp(signed_at), FormatTimestamp(now - age_max),
                               FormatTimestamp(now), age_max.count()));
  }
  if (signed_at > now + age_max) {
    return Invalid(
        fmt::format("Signature not yet current: {} is still later than {} ({} + {} min.)",
                    FormatTimestamp(signed_at), FormatTimestamp(now + age_max),
                    FormatTimestamp(now), age_max.count()));
  }
  return std::nullopt;
}

// Refuses when headers that must be covered by the signature are not.
std::optional<ServiceError> CheckCoverage(const ReceivedRequest& request,
                                          const std::string& signed_headers) {
  const auto names = Split(signed_headers, ';');
  if (!std::is_sorted(names.begin(), names.end())) {
    return Invalid("'SignedHeaders' must be sorted in the AWS Authorization.");
  }
  for (const std::string required : {"host", "x-amz-date", "x-amz-security-token"}) {
    const bool present = request.FindHeader(required) != nullptr;
    if (present && std::find(names.begin(), names.end(), required) == names.end()) {
      return Invalid(
          fmt::format("'{}' must be a 'SignedHeader' in the AWS Authorization.", required));
    }
  }
  return std::nullopt;
}

bool SameSignature(const std::string& given, const std::string& computed) {
  return given.size() == computed.size() &&
         CRYPTO_memcmp(given.data(), computed.data(), given.size()) == 0;
}

}  // namespace

std::optional<ServiceError> CheckSignature(const ReceivedRequest& request, const Signer& signer,
                                           std::optional<WallTime> now,
                                           std::chrono::minutes age_max) {
  const std::string* header = request.FindHeader("authorization");
  if (header == nullptr) return Missing();
  const auto authorization = ParseAuthorization(*header);
  if (!authorization) return authorization.error();
  const std::string* timestamp = request.FindHeader("x-amz-date");
  if (timestamp == nullptr) {
    return Incomplete(
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        "Authorization=" +
        *header);
  }
  const auto signed_at = ParseTimestamp(*timestamp);
  if (!signed_at) {
    return Incomplete(
        fmt::format("Date must be in ISO-8601 'basic format'. Got '{}'.", *timestamp));
  }
  const auto scope = Split(authorization->credential, '/');
  if (scope.size() != 5) {
    return Incomplete(
        fmt::format("Credential must have exactly 5 slash-delimited elements, e.g. "
                    "keyid/date/region/service/term, got '{}'",
                    authorization->credential));
  }
  const auto trouble = ScopeTrouble(scope, signer, *timestamp);
  if (!trouble.empty()) return Invalid(trouble);
  if (const auto refusal = CheckCoverage(request, authorization->signed_headers)) return refusal;
  if (scope[0] != signer.access_key_id) return Unrecognized();
  if (now) {
    if (const auto refusal = CheckAge(*signed_at, *now, age_max)) return refusal;
  }

  const auto canonical = CanonicalRequest(request, authorization->signed_headers);
  std::string key = "AWS4" + signer.secret_access_key;
  for (size_t part = 1; part < scope.size(); ++part) key = HmacSha256(key, scope[part]);
  const auto scope_text = authorization->credential.substr(scope[0].size() + 1);
  const auto text_to_sign = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, *timestamp, scope_text,
                                        Hex(Sha256(canonical.value_or(""))));
  if (!canonical || !SameSignature(authorization->signature, Hex(HmacSha256(key, text_to_sign)))) {
    return Invalid(
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details.");
  }
  const std::string* token = request.FindHeader("x-amz-security-token");
  if ((token != nullptr ? *token : std::string()) != signer.session_token) return Unrecognized();
  return std::nullopt;
}

CredentialScope ReadCredentialScope(const ReceivedRequest& request) {
  const std::string* header = request.FindHeader("authorization");
  if (header == nullptr) return {};
  const auto authorization = ParseAuthorization(*header);
  if (!authorization) return {};
  const auto scope = Split(authorization->credential, '/');
  if (scope.size() != 5) return {};
  return {scope[0], scope[2]};
}

SignatureReport InspectSignature(const ReceivedRequest& request, const std::vector<Signer>& signers,
                                 std::optional<WallTime> now, std::chrono::minutes age_max) {
  SignatureReport report;
  report.scope = ReadCredentialScope(request);
  const auto found = std::find_if(signers.begin(), signers.end(), [&report](const Signer& signer) {
    return signer.access_key_id == report.scope.access_key_id;
  });
  const bool known = found != signers.end();
  const Signer& signer = known ? *found : signers.front();
  report.refusal = CheckSignature(request, signer, now, age_max);

  const std::string* sent = request.FindHeader("x-amz-security-token");
  const std::string wanted = known ? signer.session_token : "";
  if (sent != nullptr) {
    report.session_token =
        !wanted.empty() && *sent == wanted ? SessionTokenState::kRight : SessionTokenState::kWrong;
  } else if (!wanted.empty()) {
    report.session_token = SessionTokenState::kMissing;
  }
  Signer as_sent = signer;
  as_sent.session_token = sent == nullptr ? "" : *sent;
  report.signature_right = !CheckSignature(request, as_sent, now, age_max);
  return report;
}

}  // namespace sumac::fake_dynamodb
