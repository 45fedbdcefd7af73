#include "aws/credentials/sso_credentials_provider.h"

#include <charconv>

#include "aws/credentials/credentials_document.h"
#include "aws/percent_encoding.h"
#include "aws/redaction.h"
#include "aws/secret_file.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/printable_text.h"

namespace sumac::aws {
namespace {

constexpr auto kRenewAhead = std::chrono::minutes(5);
constexpr auto kRenewPause = std::chrono::seconds(30);
constexpr size_t kMessageBytesMax = 300;
// Bounds on what a service may say, so that no sum overflows.
constexpr int64_t kLifetimeSecondsMax = int64_t{10} * 366 * 86'400;
constexpr int64_t kExpiryMsMax = int64_t{7'258'118'400} * 1'000;  // the year 2200

// Digits as a number; nothing for anything else.
std::optional<int64_t> Number(const std::string& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// What the service says of a refusal: its message, or its error's name, or the status.
std::string Refusal(const net::HttpResponse& response) {
  const auto fields = ParseJsonFields(response.body);
  for (const char* name : {"message", "error_description", "error", "__type"}) {
    const std::string text = fields ? Field(*fields, name) : "";
    if (!text.empty()) return PrintableText(text, kMessageBytesMax);
  }
  return "HTTP status " + std::to_string(response.status);
}

// Nothing that logging in would help with.
Error Unavailable(std::string message) {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.blame = Blame::kService;
  error.retryable = true;
  error.message = std::move(message);
  return error;
}

}  // namespace

Error SsoCredentialsProvider::LoginNeeded(const std::string& why) const {
  return UserError(ErrorCode::kUnauthenticated,
                   why + "; run aws sso login --profile " + settings_.profile_name);
}

Result<SsoToken> SsoCredentialsProvider::ReadToken() const {
  const auto text = ReadSecretFile(settings_.token_path);
  if (!text) return Fail(LoginNeeded("nobody is logged in: " + text.error().message));
  auto token = ParseSsoToken(*text);
  if (!token) {
    return Fail(LoginNeeded("the token file " + settings_.token_path +
                            " is broken: " + token.error().message));
  }
  return token;
}

Result<SsoToken> SsoCredentialsProvider::Renew(SsoToken token, const std::atomic<bool>* cancelled) {
  const auto make = [&] {
    std::string body = "{\"grantType\":\"refresh_token\",\"clientId\":";
    AppendJsonString(token.client_id, body);
    body += ",\"clientSecret\":";
    AppendJsonString(token.client_secret.Reveal(), body);
    body += ",\"refreshToken\":";
    AppendJsonString(token.refresh_token.Reveal(), body);
    net::HttpRequest request;
    request.url = settings_.oidc_endpoint_url + "/token";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body + "}";
    return request;
  };
  SUMAC_ASSIGN_OR_RETURN(auto response, fetch_->Fetch(make, FetchPolicy{}, cancelled));
  if (response.status != 200) {
    Redact({&token.refresh_token, &token.client_secret, &token.access_token}, response.body);
  }
  const std::string refusal = "the SSO session could not be renewed: " + Refusal(response);
  if (ServiceFetch::IsBusyOrBroken(response)) return Fail(Unavailable(refusal));
  if (response.status != 200) return Fail(LoginNeeded(refusal));
  SUMAC_ASSIGN_OR_RETURN(const auto fields, ParseJsonFields(response.body));
  const auto lifetime_seconds = Number(Field(fields, "expiresIn"));
  const auto access_token = SecretField(fields, "accessToken");
  if (access_token.empty() || !lifetime_seconds || *lifetime_seconds <= 0 ||
      *lifetime_seconds > kLifetimeSecondsMax) {
    return Fail(BrokenDocument("SSO-OIDC answered without a token"));
  }
  token.access_token = access_token;
  token.expires_at = clock_->WallNow() + std::chrono::seconds(*lifetime_seconds);
  const auto refresh_token = SecretField(fields, "refreshToken");
  if (!refresh_token.empty()) token.refresh_token = refresh_token;
  // The old refresh token may be spent, so whoever comes next needs the new one.
  if (auto written = WriteSecretFile(settings_.token_path, FormatSsoToken(token)); !written) {
    spdlog::warn("the renewed SSO token is not kept: {}", written.error().message);
  }
  return token;
}

bool SsoCredentialsProvider::IsRenewable(const SsoToken& token) const {
  return settings_.has_session && !token.refresh_token.empty() && !token.client_id.empty() &&
         !token.client_secret.empty() &&
         (!token.registration_expires_at || *token.registration_expires_at > clock_->WallNow());
}

Result<SsoToken> SsoCredentialsProvider::UsableToken(const std::atomic<bool>* cancelled) {
  constexpr auto kCancelPoll = std::chrono::milliseconds(20);
  std::unique_lock lock(renewal_->mutex, std::defer_lock);
  while (!lock.try_lock_for(kCancelPoll)) {
    if (cancelled != nullptr && cancelled->load()) return Fail(CancelledError());
  }
  // Read under the lock: who waited finds what the one before has written.
  SUMAC_ASSIGN_OR_RETURN(auto token, ReadToken());
  const WallTime now = clock_->WallNow();
  const bool expired = token.expires_at <= now;
  const bool renewable = IsRenewable(token);
  if (expired && !renewable) return Fail(LoginNeeded("the SSO session has expired"));
  if (!renewable || token.expires_at - now >= kRenewAhead) return token;
  const auto monotonic = clock_->MonotonicNow();
  const bool paused = renewal_->tried_at && monotonic - *renewal_->tried_at < kRenewPause;
  if (paused && !expired) return token;
  renewal_->tried_at = monotonic;
  auto renewed = Renew(token, cancelled);
  if (renewed || renewed.error().code == ErrorCode::kCancelled) return renewed;
  // A token that is still good is better than none, and another program may have been faster.
  if (!expired) return token;
  auto again = ReadToken();
  if (again && again->expires_at > clock_->WallNow()) return again;
  return renewed;
}

Result<Credentials> SsoCredentialsProvider::RoleCredentials(const SsoToken& token,
                                                            const std::atomic<bool>* cancelled) {
  const auto make = [&] {
    net::HttpRequest request;
    request.method = "GET";
    request.url = settings_.portal_endpoint_url +
                  "/federation/credentials?role_name=" + PercentEncode(settings_.role_name) +
                  "&account_id=" + PercentEncode(settings_.account_id);
    request.headers = {{"x-amz-sso_bearer_token", token.access_token.Reveal()}};
    return request;
  };
  SUMAC_ASSIGN_OR_RETURN(auto response, fetch_->Fetch(make, FetchPolicy{}, cancelled));
  if (response.status != 200) Redact({&token.access_token}, response.body);
  if (response.status == 401) {
    return Fail(LoginNeeded("the SSO session is not valid any more: " + Refusal(response)));
  }
  const std::string refusal = "SSO gives no keys of role '" + settings_.role_name +
                              "' in account " + settings_.account_id + ": " + Refusal(response);
  if (ServiceFetch::IsBusyOrBroken(response)) return Fail(Unavailable(refusal));
  if (response.status != 200) return Fail(ErrorCode::kPermissionDenied, refusal);
  SUMAC_ASSIGN_OR_RETURN(const auto fields, ParseJsonFields(response.body));
  Credentials credentials;
  credentials.access_key_id = Field(fields, "roleCredentials.accessKeyId");
  credentials.secret_access_key = SecretField(fields, "roleCredentials.secretAccessKey");
  credentials.session_token = SecretField(fields, "roleCredentials.sessionToken");
  const auto expiry_ms = Number(Field(fields, "roleCredentials.expiration"));
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() || !expiry_ms ||
      *expiry_ms < 0 || *expiry_ms > kExpiryMsMax) {
    return Fail(BrokenDocument("SSO answered without keys"));
  }
  credentials.expires_at = WallTime(std::chrono::milliseconds(*expiry_ms));
  credentials.account_id = settings_.account_id;
  credentials.source = "SSO role '" + settings_.role_name + "' of account " + settings_.account_id;
  return credentials;
}

Result<Credentials> SsoCredentialsProvider::GetCredentials(const CredentialsRequest& request) {
  SUMAC_ASSIGN_OR_RETURN(const auto token, UsableToken(request.cancelled));
  return RoleCredentials(token, request.cancelled);
}

}  // namespace sumac::aws
