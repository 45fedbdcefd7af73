#include "aws/credentials/sts_client.h"

#include <algorithm>

#include <pugixml.hpp>

#include "aws/credentials/credentials_document.h"
#include "aws/percent_encoding.h"
#include "aws/redaction.h"
#include "aws/sigv4.h"
#include "aws/timestamp.h"
#include "base/printable_text.h"

namespace sumac::aws {
namespace {

constexpr char kContentType[] = "application/x-www-form-urlencoded; charset=utf-8";
constexpr size_t kMessageBytesMax = 500;
constexpr size_t kNameBytesMax = 100;

void AppendParameter(const char* name, const std::string& value, std::string& body) {
  body += (body.empty() ? "" : "&") + std::string(name) + "=" + PercentEncode(value);
}

std::string RequestBody(const char* action, const AssumeRoleRequest& request) {
  std::string body;
  AppendParameter("Action", action, body);
  AppendParameter("Version", "2011-06-15", body);
  AppendParameter("RoleArn", request.role_arn, body);
  AppendParameter("RoleSessionName", request.role_session_name, body);
  if (!request.external_id.empty()) AppendParameter("ExternalId", request.external_id, body);
  if (request.duration_seconds) {
    AppendParameter("DurationSeconds", std::to_string(*request.duration_seconds), body);
  }
  return body;
}

std::string HostOf(const std::string& url) {
  return url.substr(url.find("://") + 3);
}

std::string ErrorCodeOf(const pugi::xml_document& document) {
  return document.child("ErrorResponse").child("Error").child("Code").text().as_string();
}

bool IsPassing(const std::string& service_code) {
  constexpr std::string_view kCodes[] = {"IDPCommunicationError", "Throttling",
                                         "ThrottlingException", "RequestLimitExceeded",
                                         "TooManyRequestsException"};
  return std::find(std::begin(kCodes), std::end(kCodes), service_code) != std::end(kCodes);
}

// Throttles, and an identity provider that STS could not reach, besides what every service has.
bool MayPass(const net::HttpResponse& response) {
  if (ServiceFetch::IsBusyOrBroken(response)) return true;
  if (response.status == 200) return false;
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  return IsPassing(ErrorCodeOf(document));
}

Error ServiceRefusal(const std::string& action, int status, const pugi::xml_document& document) {
  const auto details = document.child("ErrorResponse").child("Error");
  Error error;
  error.service_code = PrintableText(ErrorCodeOf(document), kNameBytesMax);
  error.request_id = PrintableText(
      document.child("ErrorResponse").child("RequestId").text().as_string(), kNameBytesMax);
  error.code = ErrorCode::kUnauthenticated;
  error.blame = Blame::kUser;
  if (error.service_code == "AccessDenied" || error.service_code == "AccessDeniedException") {
    error.code = ErrorCode::kPermissionDenied;
  } else if (IsPassing(error.service_code) || status >= 500 || status == 429) {
    error.code = ErrorCode::kUnavailable;
    error.blame = Blame::kService;
    error.retryable = true;
  } else if (error.service_code == "ValidationError") {
    error.code = ErrorCode::kInvalidArgument;
  }
  const std::string message =
      PrintableText(details.child("Message").text().as_string(), kMessageBytesMax);
  error.message = "STS refused " + action + ": " +
                  (message.empty() ? "HTTP status " + std::to_string(status) : message);
  if (!error.service_code.empty()) error.message += " (" + error.service_code + ")";
  return error;
}

}  // namespace

std::string DefaultRoleSessionName(const Clock& clock) {
  return "sumac-" + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                                       clock.WallNow().time_since_epoch())
                                       .count());
}

Result<Credentials> ParseStsAnswer(const std::string& action, int status, std::string_view body) {
  pugi::xml_document document;
  const bool parsed = static_cast<bool>(document.load_buffer(body.data(), body.size()));
  if (status != 200) return Fail(ServiceRefusal(action, status, document));
  const auto result =
      document.child((action + "Response").c_str()).child((action + "Result").c_str());
  const auto keys = result.child("Credentials");
  if (!parsed || !keys) return Fail(BrokenDocument("STS answered " + action + " without keys"));
  JsonFields fields;
  for (const char* name : {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}) {
    fields[name] = SecretString(keys.child(name).text().as_string());
  }
  fields["RoleArn"] = SecretString(result.child("AssumedRoleUser").child("Arn").text().as_string());
  auto credentials = CredentialsFromFields(fields);
  if (!credentials) return Fail(std::move(credentials).error().WithContext("STS " + action));
  return credentials;
}

Result<Credentials> StsClient::AssumeRole(const AssumeRoleRequest& request, const Credentials& base,
                                          const std::atomic<bool>* cancelled) {
  return Call("AssumeRole", SecretString(RequestBody("AssumeRole", request)), base.session_token,
              &base, cancelled);
}

Result<Credentials> StsClient::AssumeRoleWithWebIdentity(const AssumeRoleRequest& request,
                                                         const SecretString& token,
                                                         const std::atomic<bool>* cancelled) {
  std::string body = RequestBody("AssumeRoleWithWebIdentity", request);
  AppendParameter("WebIdentityToken", token.Reveal(), body);
  return Call("AssumeRoleWithWebIdentity", SecretString(std::move(body)), token, nullptr,
              cancelled);
}

Result<Credentials> StsClient::Call(const std::string& action, const SecretString& body,
                                    const SecretString& secret, const Credentials* base,
                                    const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const std::string url, options_.endpoint_url);
  WallTime signed_at;
  const auto make = [&] {
    net::HttpRequest request;
    request.url = url + "/";
    request.body = body.Reveal();
    request.headers = {{"Host", HostOf(url)}, {"Content-Type", kContentType}};
    if (base == nullptr) return request;
    SigningRequest signing;
    signing.method = "POST";
    signing.path = "/";
    signing.payload = body.Reveal();
    for (const auto& header : request.headers) {
      signing.headers.push_back({header.name, header.value});
    }
    SigningScope scope;
    scope.region = options_.region;
    scope.service = "sts";
    scope.time = signed_at = clock_->WallNow();
    for (auto& header : Sign(signing, *base, scope)) {
      request.headers.push_back({std::move(header.name), std::move(header.value)});
    }
    return request;
  };
  bool corrected = false;
  while (true) {
    SUMAC_ASSIGN_OR_RETURN(auto response, fetch_->Fetch(make, FetchPolicy{}, cancelled, &MayPass));
    if (response.status != 200) Redact({&secret}, response.body);
    auto credentials = ParseStsAnswer(action, response.status, response.body);
    if (credentials || base == nullptr || corrected ||
        !MayBeClockSkew(credentials.error().service_code) ||
        !clock_->Correct(response.Header("Date"), signed_at)) {
      return credentials;
    }
    corrected = true;
  }
}

}  // namespace sumac::aws
