#include "server/client/sql_client.h"

#include <algorithm>
#include <cstdlib>

#include "base/printable_text.h"
#include "net/streamed_exchange.h"
#include "server/client/server_address.h"

namespace sumac::server {
namespace {

// A query takes its time; Ctrl-C ends the waiting.
constexpr int kAnswerTimeoutMs = 24 * 60 * 60 * 1'000;
// What a server says of a failure.
constexpr size_t kSaidBytes = 64 << 10;

ErrorCode CodeOfStatus(int status) {
  switch (status) {
    case 400:
      return ErrorCode::kInvalidArgument;
    case 403:
      return ErrorCode::kPermissionDenied;
    case 404:
      return ErrorCode::kNotFound;
    case 503:
      return ErrorCode::kUnavailable;
    case 504:
      return ErrorCode::kDeadlineExceeded;
    default:
      return ErrorCode::kInternal;
  }
}

// An error of several lines shows where in the SQL it is.
std::string Said(std::string_view text) {
  std::string said;
  while (!text.empty() && said.size() < kSaidBytes) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (!said.empty()) said += '\n';
    AppendPrintable(text.substr(0, end), said);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return said;
}

SqlAnswer AnswerOf(const net::HttpResponse& response) {
  SqlAnswer answer;
  answer.from_cache = response.Header("Results-Cache-Status") == "HIT";
  const std::string units(response.Header("Sumac-Consumed-RCU"));
  if (!units.empty()) answer.consumed_read_units = std::strtod(units.c_str(), nullptr);
  const std::string warnings(response.Header("Sumac-Warnings"));
  answer.warnings = std::strtoull(warnings.c_str(), nullptr, 10);
  return answer;
}

}  // namespace

Result<SqlClient> SqlClient::Create(net::CurlTransportOptions options, const std::string& address,
                                    SecretString api_key) {
  SUMAC_ASSIGN_OR_RETURN(auto url, ServerUrl(address));
  SUMAC_RETURN_IF_ERROR(CheckApiKey(api_key));
  return SqlClient(std::move(options), std::move(url), std::move(api_key));
}

Result<SqlAnswer> SqlClient::Ask(const SqlQuestion& question,
                                 const std::function<bool(std::string_view)>& on_bytes,
                                 const std::atomic<bool>* cancelled) {
  net::HttpRequest request;
  request.url = url_ + "/v1/sql";
  request.headers = {{"Content-Type", "text/plain"}, {"Accept", question.media_type}};
  if (question.timeout) {
    request.headers.push_back(
        {"Sumac-Query-Timeout", std::to_string(question.timeout->count()) + "ms"});
  }
  if (!api_key_.empty()) request.headers.push_back({"X-API-Key", api_key_.Reveal()});
  request.body = question.sql;
  request.timeout_ms = kAnswerTimeoutMs;
  request.bypass_proxy = true;
  bool began = false;
  auto response = net::SendAndStream(
      options_, std::move(request),
      [&](const net::HttpResponse&, std::string_view part) {
        began = true;
        return on_bytes(part);
      },
      cancelled);
  if (!response && response.error().code == ErrorCode::kUnavailable) {
    if (!began) return Fail(NobodyAnswers(url_, response.error()));
    return Fail(ErrorCode::kUnavailable,
                "the answer is incomplete: the query failed after a part of it was sent; the "
                "server's log says why");
  }
  if (!response) return Fail(std::move(response).error());
  if (response->status == 200) return AnswerOf(*response);
  if (response->status == 401) return Fail(KeyRefused(url_, !api_key_.empty()));
  const std::string said = Said(response->body);
  return Fail(CodeOfStatus(response->status),
              said.empty() ? url_ + " answered " + std::to_string(response->status) : said);
}

}  // namespace sumac::server
