#include "aws/sigv4.h"

#include <algorithm>
#include <map>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "aws/percent_encoding.h"

namespace sumac::aws {
namespace {

constexpr char kAlgorithm[] = "AWS4-HMAC-SHA256";

std::string Hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 0xf];
  }
  return out;
}

std::string Sha256(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
  return std::string(reinterpret_cast<char*>(digest), size);
}

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest, &size);
  return std::string(reinterpret_cast<char*>(digest), size);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string PercentDecode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
                        HexDigit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string NormalizePath(std::string_view path) {
  std::vector<std::string_view> kept;
  const auto parts = Split(path, '/');
  for (const auto part : parts) {
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!part.empty() && part != ".") {
      kept.push_back(part);
    }
  }
  std::string out;
  for (const auto part : kept) out += "/" + std::string(part);
  const bool trailing_slash = parts.back().empty() || parts.back() == "." || parts.back() == "..";
  return kept.empty() || trailing_slash ? out + "/" : out;
}

std::string CanonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  if (!query.empty()) {
    for (const auto part : Split(query, '&')) {
      const size_t equals = part.find('=');
      const auto name = part.substr(0, equals);
      const auto value =
          equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
      parameters.emplace_back(PercentEncode(PercentDecode(name), false),
                              PercentEncode(PercentDecode(value), false));
    }
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    out += (out.empty() ? "" : "&") + name + "=" + value;
  }
  return out;
}

// Trimmed, with runs of blanks as one.
std::string CanonicalValue(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// By lower-case name; the values of one name joined by commas in their order.
std::map<std::string, std::string> CanonicalHeaders(const SigningRequest& request) {
  std::map<std::string, std::string> headers;
  for (const auto& header : request.headers) {
    const auto [at, inserted] =
        headers.emplace(LowerCase(header.name), CanonicalValue(header.value));
    if (!inserted) at->second += "," + CanonicalValue(header.value);
  }
  return headers;
}

std::string SignedHeaderNames(const SigningRequest& request) {
  std::string names;
  for (const auto& [name, value] : CanonicalHeaders(request)) {
    names += (names.empty() ? "" : ";") + name;
  }
  return names;
}

std::string DateOf(const SigningScope& scope) {
  return SigningTimestamp(scope.time).substr(0, 8);
}

std::string CredentialScope(const SigningScope& scope) {
  return DateOf(scope) + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

}  // namespace

std::string SigningTimestamp(WallTime time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string BuildCanonicalRequest(const SigningRequest& request, const SigningScope& scope) {
  const std::string path = scope.normalize_path ? NormalizePath(request.path) : request.path;
  std::string out = request.method + "\n" + PercentEncode(path, true) + "\n" +
                    CanonicalQuery(request.query) + "\n";
  for (const auto& [name, value] : CanonicalHeaders(request)) out += name + ":" + value + "\n";
  return out + "\n" + SignedHeaderNames(request) + "\n" + Hex(Sha256(request.payload));
}

std::string BuildStringToSign(std::string_view canonical_request, const SigningScope& scope) {
  return std::string(kAlgorithm) + "\n" + SigningTimestamp(scope.time) + "\n" +
         CredentialScope(scope) + "\n" + Hex(Sha256(canonical_request));
}

std::string BuildSignature(std::string_view string_to_sign, const SecretString& secret_access_key,
                           const SigningScope& scope) {
  std::string key = HmacSha256("AWS4" + secret_access_key.Reveal(), DateOf(scope));
  for (const std::string& part : {scope.region, scope.service, std::string("aws4_request")}) {
    key = HmacSha256(key, part);
  }
  return Hex(HmacSha256(key, string_to_sign));
}

std::vector<SigningHeader> Sign(const SigningRequest& request, const Credentials& credentials,
                                const SigningScope& scope) {
  SigningRequest complete = request;
  std::vector<SigningHeader> added = {{"X-Amz-Date", SigningTimestamp(scope.time)}};
  if (scope.sign_body_header) {
    added.push_back({"X-Amz-Content-Sha256", Hex(Sha256(request.payload))});
  }
  const SigningHeader token = {"X-Amz-Security-Token", credentials.session_token.Reveal()};
  const bool has_token = !credentials.session_token.empty();
  if (has_token && !scope.omit_session_token) added.push_back(token);
  complete.headers.insert(complete.headers.end(), added.begin(), added.end());
  const auto string_to_sign = BuildStringToSign(BuildCanonicalRequest(complete, scope), scope);
  if (has_token && scope.omit_session_token) added.push_back(token);
  added.push_back(
      {"Authorization",
       fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                   credentials.access_key_id, CredentialScope(scope), SignedHeaderNames(complete),
                   BuildSignature(string_to_sign, credentials.secret_access_key, scope))});
  return added;
}

}  // namespace sumac::aws
