#include "aws/credentials/container_credentials_provider.h"

#include <algorithm>

#include <arpa/inet.h>
#include <netdb.h>

#include "aws/credentials/credentials_document.h"
#include "aws/redaction.h"
#include "aws/secret_file.h"
#include "base/printable_text.h"

namespace sumac::aws {
namespace {

constexpr char kRelativeUri[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr char kFullUri[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr char kToken[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr char kTokenFile[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr char kEcsHost[] = "http://169.254.170.2";
constexpr size_t kTextBytesMax = 200;

// Between "http://" and the path, without port, user and brackets.
std::string HostOfUrl(const std::string& url) {
  const size_t start = url.find("://") + 3;
  std::string authority = url.substr(start, url.find_first_of("/?#", start) - start);
  // What a browser takes for a user is what hides the host from a reader.
  const size_t at = authority.rfind('@');
  if (at != std::string::npos) authority.erase(0, at + 1);
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

std::string ServiceMessage(const net::HttpResponse& response) {
  const auto fields = ParseJsonFields(response.body);
  std::string message = fields ? Field(*fields, "message") : "";
  if (message.empty() && fields) message = Field(*fields, "Message");
  std::string text = "HTTP status " + std::to_string(response.status);
  if (!message.empty()) text += ", " + PrintableText(message, kTextBytesMax);
  return text;
}

}  // namespace

bool IsContainerAddress(const std::string& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    const uint32_t host = ntohl(v4.s_addr);
    constexpr uint32_t kEcs = 0xa9feaa02;  // 169.254.170.2
    constexpr uint32_t kEks = 0xa9feaa17;  // 169.254.170.23
    return (host >> 24) == 127 || host == kEcs || host == kEks;
  }
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.c_str(), &v6) != 1) return false;
  in6_addr eks{};
  inet_pton(AF_INET6, "fd00:ec2::23", &eks);
  return IN6_IS_ADDR_LOOPBACK(&v6) || std::equal(v6.s6_addr, v6.s6_addr + 16, eks.s6_addr);
}

Result<std::vector<std::string>> ResolveWithSystem(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    return Fail(ErrorCode::kUnavailable, "the host '" + host + "' was not found");
  }
  std::vector<std::string> addresses;
  for (const auto* entry = found; entry != nullptr; entry = entry->ai_next) {
    char text[NI_MAXHOST] = {};
    getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST);
    addresses.emplace_back(text);
  }
  freeaddrinfo(found);
  return addresses;
}

Result<std::string> ContainerCredentialsProvider::Url() const {
  const std::string relative = Variable(environment_, kRelativeUri);
  if (!relative.empty()) {
    if (!relative.starts_with('/')) {
      return Fail(ErrorCode::kInvalidArgument, std::string(kRelativeUri) + " must begin with '/'");
    }
    return kEcsHost + relative;
  }
  const std::string url = Variable(environment_, kFullUri);
  if (url.empty()) {
    return Fail(ErrorCode::kNotFound,
                std::string(kRelativeUri) + " and " + kFullUri + " are not set");
  }
  const bool is_https = url.starts_with("https://");
  if (!is_https && !url.starts_with("http://")) {
    return Fail(ErrorCode::kInvalidArgument,
                std::string(kFullUri) + " must begin with https:// or http://");
  }
  const size_t authority = url.find("://") + 3;
  if (url.substr(authority, url.find_first_of("/?#", authority) - authority).find('@') !=
      std::string::npos) {
    return Fail(
        ErrorCode::kInvalidArgument,
        std::string(kFullUri) + " must not hold a user; the token has a variable of its own");
  }
  if (is_https) return url;
  const std::string host = HostOfUrl(url);
  SUMAC_ASSIGN_OR_RETURN(const auto addresses, resolve_(host));
  if (addresses.empty() || !std::all_of(addresses.begin(), addresses.end(), IsContainerAddress)) {
    return Fail(ErrorCode::kInvalidArgument,
                std::string(kFullUri) + " is plain http to '" + PrintableText(host, kTextBytesMax) +
                    "', which is neither this machine nor the container service; use https");
  }
  return url;
}

Result<SecretString> ContainerCredentialsProvider::Authorization() const {
  const std::string path = Variable(environment_, kTokenFile);
  SecretString token(Variable(environment_, kToken));
  if (!path.empty()) {
    SUMAC_ASSIGN_OR_RETURN(token, ReadRequiredSecretFile(path));
    if (token.empty()) {
      return Fail(ErrorCode::kUnauthenticated,
                  std::string(kTokenFile) + " names the file " + path + ", which is empty");
    }
  }
  // A line end would let the token write headers of its own.
  if (token.Reveal().find_first_of("\r\n") != std::string::npos) {
    return Fail(ErrorCode::kUnauthenticated,
                "the container's authorization token has more than one line");
  }
  return token;
}

Result<Credentials> ContainerCredentialsProvider::GetCredentials(
    const CredentialsRequest& request) {
  SUMAC_ASSIGN_OR_RETURN(const auto url, Url());
  SUMAC_ASSIGN_OR_RETURN(const auto authorization, Authorization());
  const auto make = [&] {
    net::HttpRequest asked;
    asked.method = "GET";
    asked.url = url;
    asked.bypass_proxy = url.starts_with("http://");
    asked.headers = {{"Accept", "application/json"}};
    if (!authorization.empty()) {
      asked.headers.push_back({"Authorization", authorization.Reveal()});
    }
    return asked;
  };
  SUMAC_ASSIGN_OR_RETURN(auto response, fetch_->Fetch(make, FetchPolicy{}, request.cancelled));
  if (response.status != 200) Redact({&authorization}, response.body);
  if (response.status != 200) {
    Error error = UserError(ErrorCode::kUnauthenticated,
                            "the container's endpoint refused (" + ServiceMessage(response) + ")");
    error.blame = Blame::kService;
    if (ServiceFetch::IsBusyOrBroken(response)) {
      error.code = ErrorCode::kUnavailable;
      error.retryable = true;
    }
    return Fail(std::move(error));
  }
  SUMAC_ASSIGN_OR_RETURN(const auto fields, ParseJsonFields(response.body));
  SUMAC_ASSIGN_OR_RETURN(auto credentials, CredentialsFromFields(fields));
  credentials.source = Name();
  return credentials;
}

}  // namespace sumac::aws
