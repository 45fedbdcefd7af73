#include "net/exchange.h"

#include <algorithm>
#include <string_view>

#include <strings.h>

namespace sumac::net {
namespace {

// Up to here a Content-Length is believed when memory is set aside.
constexpr curl_off_t kReserveBytesMax = 16 << 20;
// More than this does not stay in the cache until the body's copy of it is made.
constexpr long kReceiveBufferBytes = 128 * 1024;

// Scheme, host and port for a message: a path may be a secret, a user always is one.
std::string Origin(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url.substr(0, url.find_first_of("/?#@"));
  const size_t start = scheme + 3;
  std::string authority = url.substr(start, url.find_first_of("/?#", start) - start);
  const size_t at = authority.rfind('@');
  if (at != std::string::npos) authority.erase(0, at + 1);
  return url.substr(0, start) + authority;
}

Error TransportError(CURLcode code, const std::string& url, const char* detail) {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.blame = Blame::kNetwork;
  error.retryable = true;
  const std::string reason = detail[0] != '\0' ? detail : curl_easy_strerror(code);
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      error = UserError(ErrorCode::kInvalidArgument, "'" + url + "' is no URL of a server");
      return error;
    case CURLE_OPERATION_TIMEDOUT:
      error.code = ErrorCode::kDeadlineExceeded;
      error.message = "no answer from " + url + " in time (" + reason + ")";
      return error;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      error.blame = Blame::kUser;
      error.retryable = false;
      error.message = "the certificate of " + url + " is not trusted (" + reason +
                      "); AWS_CA_BUNDLE names a file of certificates to trust";
      return error;
    case CURLE_SSL_CONNECT_ERROR:
      error.message = "no TLS connection to " + url + " (" + reason + "); TLS 1.2 is needed";
      return error;
    case CURLE_COULDNT_RESOLVE_PROXY:
      // Not the proxy's URL: it may hold a password.
      error.blame = Blame::kUser;
      error.message = "the proxy's host was not found; check HTTPS_PROXY and HTTP_PROXY";
      return error;
    case CURLE_COULDNT_RESOLVE_HOST:
      error.message = "the host of " + url + " was not found (" + reason + ")";
      return error;
    case CURLE_COULDNT_CONNECT:
      error.message = "could not connect to " + url + " (" + reason + ")";
      return error;
    default:
      error.message = "the connection to " + url + " broke (" + reason + ")";
      return error;
  }
}

}  // namespace

Exchange::Exchange(OperationId id, HttpRequest request, HttpCallback callback,
                   ExchangeContext& context)
    : id_(id),
      request_(std::move(request)),
      callback_(std::move(callback)),
      context_(context),
      options_(context.options),
      body_bytes_max_(request_.body_bytes_max > 0 ? request_.body_bytes_max
                                                  : options_.body_bytes_max) {}

Exchange::~Exchange() {
  if (easy_ != nullptr) context_.handles.GiveBack(easy_);
  curl_slist_free_all(header_list_);
}

CURL* Exchange::Prepare() {
  for (const auto& header : request_.headers) {
    // Would begin a header of its own.
    if ((header.name + header.value).find_first_of("\r\n") != std::string::npos) return nullptr;
  }
  easy_ = context_.handles.Take();
  if (easy_ == nullptr) return nullptr;
  Set(CURLOPT_URL, request_.url.c_str());
  Set(CURLOPT_PROTOCOLS_STR, "http,https");
  Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_TCP_NODELAY, 1L);
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
  Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout_ms));
  Set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout_ms));
  Set(CURLOPT_ERRORBUFFER, error_);
  Set(CURLOPT_PRIVATE, this);
  Set(CURLOPT_WRITEFUNCTION, &Exchange::OnBody);
  Set(CURLOPT_WRITEDATA, this);
  Set(CURLOPT_HEADERFUNCTION, &Exchange::OnHeader);
  Set(CURLOPT_HEADERDATA, this);
  if (request_.method != "GET") {
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDS, request_.body.data());
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    if (request_.method != "POST") Set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  // libcurl would add these two by itself.
  AddHeader("Expect:");
  AddHeader("Accept:");
  for (const auto& header : request_.headers) AddHeader(header.name + ": " + header.value);
  Set(CURLOPT_HTTPHEADER, header_list_);
  SetTls();
  SetProxy();
  return easy_;
}

void Exchange::Finish(CURLcode code) {
  if (code != CURLE_OK) {
    if (too_long_) {
      Error error = UserError(ErrorCode::kResourceExhausted,
                              "the response of " + Origin(request_.url) + " is longer than " +
                                  std::to_string(body_bytes_max_) + " bytes");
      error.blame = Blame::kService;
      callback_(Fail(std::move(error)));
      return;
    }
    if (QuotesProxy()) {
      callback_(Fail(ErrorCode::kInvalidArgument,
                     "the proxy's URL is not understood; check HTTPS_PROXY and HTTP_PROXY"));
      return;
    }
    callback_(Fail(ProxyRefusal().value_or(TransportError(code, Origin(request_.url), error_))));
    return;
  }
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  response_.ended = std::chrono::steady_clock::now();
  callback_(std::move(response_));
}

bool Exchange::PrepareAgain(CURLcode code) {
  const bool closed =
      code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
  if (!closed || again_ || !response_.headers.empty() || response_.body.size() > 0) return false;
  long connects = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &connects);
  if (connects > 0) return false;
  again_ = true;
  error_[0] = '\0';
  Set(CURLOPT_FRESH_CONNECT, 1L);
  return true;
}

void Exchange::FinishCancelled() {
  callback_(Fail(CancelledError("The request was cancelled.")));
}

void Exchange::SetTls() {
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Set(CURLOPT_SSL_VERIFYPEER, 1L);
  Set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (options_.certificate_bundle_path.empty()) return;
  Set(CURLOPT_CAINFO, options_.certificate_bundle_path.c_str());
  // Instead of the system's, not besides.
  Set(CURLOPT_CAPATH, nullptr);
}

std::optional<Error> Exchange::ProxyRefusal() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &status);
  if (status < 400) return std::nullopt;
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.retryable = status >= 500;
  error.blame = error.retryable ? Blame::kNetwork : Blame::kUser;
  error.message = "the proxy refused the connection to " + Origin(request_.url) + " (" +
                  std::to_string(status) + ")";
  if (status == 407) {
    error.message += "; give its user and password in HTTPS_PROXY, http://user:password@host:port";
  }
  return error;
}

const SecretString& Exchange::Proxy() const {
  const bool https = strncasecmp(request_.url.c_str(), "https:", 6) == 0;
  return https ? options_.proxies.for_https : options_.proxies.for_http;
}

bool Exchange::QuotesProxy() const {
  return !Proxy().empty() &&
         std::string_view(error_).find(Proxy().Reveal()) != std::string_view::npos;
}

void Exchange::SetProxy() {
  // Set even when empty: libcurl would look into the process environment by itself.
  Set(CURLOPT_PROXY, request_.bypass_proxy ? "" : Proxy().Reveal().c_str());
  Set(CURLOPT_NOPROXY, options_.proxies.bypass.c_str());
}

size_t Exchange::OnBody(char* data, size_t, size_t size, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  const auto& on_part = exchange.context_.on_body_part;
  long status = 0;
  if (on_part) curl_easy_getinfo(exchange.easy_, CURLINFO_RESPONSE_CODE, &status);
  if (status == 200) return on_part(exchange.response_, {data, size}) ? size : 0;
  auto& body = exchange.response_.body;
  if (body.empty()) {
    curl_off_t length = -1;
    curl_easy_getinfo(exchange.easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    body = exchange.context_.bodies->Take(
        length > 0 ? static_cast<size_t>(std::min(length, kReserveBytesMax)) : size);
  }
  if (body.size() + size > exchange.body_bytes_max_) {
    exchange.too_long_ = true;
    return 0;
  }
  body.Append({data, size});
  return size;
}

size_t Exchange::OnHeader(char* data, size_t, size_t size, void* self) {
  auto& response = static_cast<Exchange*>(self)->response_;
  auto& headers = response.headers;
  std::string_view line(data, size);
  // A status line begins a new head; after "100 Continue" comes the real one.
  if (line.starts_with("HTTP/")) {
    headers.clear();
    response.began = std::chrono::steady_clock::now();
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  auto value = line.substr(colon + 1);
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!value.empty() && blank(value.front())) value.remove_prefix(1);
  while (!value.empty() && blank(value.back())) value.remove_suffix(1);
  headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
  return size;
}

}  // namespace sumac::net
