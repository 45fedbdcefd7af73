#include "server/client/server_client.h"

#include <cmath>

#include <boost/json.hpp>

#include "aws/percent_encoding.h"
#include "aws/timestamp.h"
#include "base/json_text.h"
#include "base/printable_text.h"
#include "net/outcome.h"
#include "server/client/server_address.h"

namespace sumac::server {
namespace {

namespace json = boost::json;

constexpr int kListTimeoutMs = 10'000;
// A copy that is loaded anew takes its time; Ctrl-C ends the waiting.
constexpr int kRefreshTimeoutMs = 24 * 60 * 60 * 1'000;
constexpr size_t kBodyBytesMax = 16 << 20;
constexpr size_t kShownBytes = 1'000;

// Empty when it is not there.
std::string Text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : "";
}

// 0 when it is not there.
uint64_t Count(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  boost::system::error_code error;
  const auto count = value == nullptr ? uint64_t{0} : value->to_number<uint64_t>(error);
  return error ? 0 : count;
}

double Number(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  boost::system::error_code error;
  const double number = value == nullptr ? 0.0 : value->to_number<double>(error);
  return error ? 0.0 : number;
}

ListedDataset ListedFrom(const json::object& object) {
  ListedDataset dataset;
  dataset.name = Text(object, "name");
  dataset.from = Text(object, "from");
  const auto* accelerated = object.if_contains("acceleration_enabled");
  dataset.acceleration_enabled =
      accelerated != nullptr && accelerated->is_bool() && accelerated->get_bool();
  dataset.state = Text(object, "status");
  dataset.error_message = Text(object, "error_message");
  dataset.attempted_at = aws::ParseTimestamp(Text(object, "last_attempt"));
  dataset.next_refresh = aws::ParseTimestamp(Text(object, "next_refresh"));
  if (const auto read_at = aws::ParseTimestamp(Text(object, "last_refresh"))) {
    // Fractions that are not exact in a double.
    const auto age = std::llround(Number(object, "age_seconds") * 1'000);
    dataset.copy = ListedCopy{Count(object, "rows"), Count(object, "bytes"), *read_at,
                              std::chrono::milliseconds(age)};
  }
  return dataset;
}

const json::array& Array(const json::object& object, const char* name) {
  static const json::array kNone;
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

std::vector<std::string> Names(const json::object& object, const char* name) {
  std::vector<std::string> names;
  for (const auto& value : Array(object, name)) {
    if (value.is_string()) names.emplace_back(value.get_string().c_str());
  }
  return names;
}

ErrorCode CodeOf(int status) {
  if (status == 400) return ErrorCode::kInvalidArgument;
  if (status == 403) return ErrorCode::kPermissionDenied;
  if (status == 404) return ErrorCode::kNotFound;
  return status == 503 ? ErrorCode::kUnavailable : ErrorCode::kInternal;
}

}  // namespace

Result<ServerClient> ServerClient::Create(std::shared_ptr<net::Transport> transport,
                                          const std::string& address, SecretString api_key) {
  SUMAC_ASSIGN_OR_RETURN(auto url, ServerUrl(address));
  SUMAC_RETURN_IF_ERROR(CheckApiKey(api_key));
  return ServerClient(std::move(transport), std::move(url), std::move(api_key));
}

Result<net::HttpResponse> ServerClient::Send(const std::string& method, const std::string& path,
                                             std::string body, int timeout_ms,
                                             const std::atomic<bool>* cancelled) {
  net::HttpRequest request;
  request.method = method;
  request.url = url_ + path;
  if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  if (!api_key_.empty()) request.headers.push_back({"X-API-Key", api_key_.Reveal()});
  request.body = std::move(body);
  request.timeout_ms = timeout_ms;
  request.body_bytes_max = kBodyBytesMax;
  // The server is this machine's own, or close.
  request.bypass_proxy = true;
  auto response = net::SendAndWait(*transport_, std::move(request), cancelled);
  if (!response && response.error().code == ErrorCode::kUnavailable) {
    return Fail(NobodyAnswers(url_, response.error()));
  }
  return response;
}

Result<std::string> ServerClient::Ask(const std::string& method, const std::string& path,
                                      std::string body, int timeout_ms,
                                      const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(auto response, Send(method, path, std::move(body), timeout_ms, cancelled));
  if (response.status == 200 || response.status == 201) return response.body.TakeText();
  if (response.status == 401) {
    return Fail(KeyRefused(url_, !api_key_.empty()));
  }
  const std::string said = PrintableText(response.body, kShownBytes);
  return Fail(CodeOf(response.status),
              said.empty() ? url_ + " answered " + std::to_string(response.status) : said);
}

tl::unexpected<Error> ServerClient::NotSumac() const {
  return Fail(ErrorCode::kDataCorrupt, "what answers at " + url_ + " is no Sumac of this version");
}

Result<std::vector<ListedDataset>> ServerClient::Datasets(const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto body,
                         Ask("GET", "/v1/datasets?status=true", "", kListTimeoutMs, cancelled));
  boost::system::error_code error;
  const auto document = json::parse(body, error);
  if (error || !document.is_array()) return NotSumac();
  std::vector<ListedDataset> datasets;
  for (const auto& value : document.get_array()) {
    if (!value.is_object()) return NotSumac();
    datasets.push_back(ListedFrom(value.get_object()));
  }
  return datasets;
}

Result<std::vector<ListedComponent>> ServerClient::Components(const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto body, Ask("GET", "/v1/status", "", kListTimeoutMs, cancelled));
  boost::system::error_code error;
  const auto document = json::parse(body, error);
  if (error || !document.is_array()) return NotSumac();
  std::vector<ListedComponent> components;
  for (const auto& value : document.get_array()) {
    if (!value.is_object()) return NotSumac();
    const auto& object = value.get_object();
    components.push_back({Text(object, "name"), Text(object, "endpoint"), Text(object, "status")});
  }
  return components;
}

Result<bool> ServerClient::Ready(const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(auto response, Send("GET", "/v1/ready", "", kListTimeoutMs, cancelled));
  if (response.status != 200 && response.status != 503) return NotSumac();
  return response.status == 200;
}

Result<RefreshedSchema> ServerClient::RefreshSchema(const std::string& dataset,
                                                    const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(
      const auto body,
      Ask("POST", "/v1/datasets/" + aws::PercentEncode(dataset) + "/schema/refresh", "",
          kRefreshTimeoutMs, cancelled));
  boost::system::error_code error;
  const auto document = json::parse(body, error);
  if (error || !document.is_object()) return NotSumac();
  const auto& object = document.get_object();
  RefreshedSchema refreshed;
  refreshed.message = Text(object, "message");
  refreshed.change.added = Names(object, "added");
  refreshed.change.removed = Names(object, "removed");
  for (const auto& value : Array(object, "changed_types")) {
    if (!value.is_object()) return NotSumac();
    const auto& column = value.get_object();
    refreshed.change.changed_types.push_back(
        {Text(column, "column"), Text(column, "from"), Text(column, "to")});
  }
  return refreshed;
}

Result<std::string> ServerClient::RefreshCopy(const std::string& dataset,
                                              const RefreshRequest& refresh,
                                              const std::atomic<bool>* cancelled) {
  std::string body;
  const auto append = [&body](const char* name, const std::optional<std::string>& value) {
    if (!value) return;
    body += body.empty() ? '{' : ',';
    AppendJsonString(name, body);
    body += ':';
    AppendJsonString(*value, body);
  };
  append("refresh_sql", refresh.refresh_sql);
  append("refresh_mode", refresh.refresh_mode);
  if (!body.empty()) body += '}';
  SUMAC_ASSIGN_OR_RETURN(
      const auto answer,
      Ask("POST", "/v1/datasets/" + aws::PercentEncode(dataset) + "/acceleration/refresh",
          std::move(body), kListTimeoutMs, cancelled));
  boost::system::error_code error;
  const auto document = json::parse(answer, error);
  if (error || !document.is_object()) return NotSumac();
  return Text(document.get_object(), "message");
}

}  // namespace sumac::server
