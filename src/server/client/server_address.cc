#include "server/client/server_address.h"

#include <algorithm>

#include "base/printable_text.h"

namespace sumac::server {
namespace {

constexpr size_t kAddressBytes = 1'000;

}  // namespace

Result<std::string> ServerUrl(const std::string& address) {
  std::string url = address.find("://") == std::string::npos ? "http://" + address : address;
  while (url.ends_with('/')) url.pop_back();
  const size_t scheme = url.find("://");
  const bool is_http = url.starts_with("http://") || url.starts_with("https://");
  if (is_http && scheme + 3 < url.size() &&
      url.find_first_of("/?#@ ", scheme + 3) == std::string::npos) {
    return url;
  }
  return Fail(ErrorCode::kInvalidArgument,
              "'" + PrintableText(address, kAddressBytes) +
                  "' is no address of a server; write it as 127.0.0.1:8090");
}

Status CheckApiKey(const SecretString& api_key) {
  const auto& key = api_key.Reveal();
  if (std::none_of(key.begin(), key.end(), [](char c) { return c <= ' ' || c >= 0x7f; })) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "the API key has a blank or another character that a header cannot carry");
}

Error KeyRefused(const std::string& url, bool with_key) {
  return UserError(ErrorCode::kUnauthenticated,
                   url + (with_key ? " does not know this API key"
                                   : " asks for an API key; give it in SPICE_API_KEY or with "
                                     "--api-key"));
}

Error NobodyAnswers(const std::string& url, const Error& cause) {
  Error error = cause;
  error.message = "no Sumac answers at " + url + " (" + cause.message +
                  "); start one with sumac run, or say where it listens with --http";
  return error;
}

}  // namespace sumac::server
