#include "server/client/server_client.h"

#include <boost/json.hpp>

#include "aws/percent_encoding.h"
#include "base/printable_text.h"
#include "net/outcome.h"

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
  if (status == 404) return ErrorCode::kNotFound;
  return status == 503 ? ErrorCode::kUnavailable : ErrorCode::kInternal;
}

}  // namespace

Result<ServerClient> ServerClient::Create(std::shared_ptr<net::Transport> transport,
                                          const std::string& address) {
  std::string url = address.find("://") == std::string::npos ? "http://" + address : address;
  while (url.ends_with('/')) url.pop_back();
  const size_t host = url.find("://") + 3;
  const bool is_http = url.starts_with("http://") || url.starts_with("https://");
  if (!is_http || host >= url.size() || url.find_first_of("/?#@ ", host) != std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument,
                "'" + PrintableText(address, kShownBytes) +
                    "' is no address of a server; write it as 127.0.0.1:8090");
  }
  return ServerClient(std::move(transport), std::move(url));
}

Result<std::string> ServerClient::Ask(const std::string& method, const std::string& path,
                                      int timeout_ms, const std::atomic<bool>* cancelled) {
  net::HttpRequest request;
  request.method = method;
  request.url = url_ + path;
  request.timeout_ms = timeout_ms;
  request.body_bytes_max = kBodyBytesMax;
  // The server is this machine's own, or close.
  request.bypass_proxy = true;
  auto response = net::SendAndWait(*transport_, std::move(request), cancelled);
  if (!response && response.error().code == ErrorCode::kUnavailable) {
    return Fail(ErrorCode::kUnavailable,
                "no Sumac answers at " + url_ + " (" + response.error().message +
                    "); start one with sumac run, or say where it listens with --http");
  }
  if (!response) return Fail(std::move(response).error());
  if (response->status == 200) return response->body.TakeText();
  const std::string said = PrintableText(response->body, kShownBytes);
  return Fail(CodeOf(response->status),
              said.empty() ? url_ + " answered " + std::to_string(response->status) : said);
}

tl::unexpected<Error> ServerClient::NotSumac() const {
  return Fail(ErrorCode::kDataCorrupt, "what answers at " + url_ + " is no Sumac of this version");
}

Result<std::vector<ListedDataset>> ServerClient::Datasets(const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto body,
                         Ask("GET", "/v1/datasets?status=true", kListTimeoutMs, cancelled));
  boost::system::error_code error;
  const auto document = json::parse(body, error);
  if (error || !document.is_array()) return NotSumac();
  std::vector<ListedDataset> datasets;
  for (const auto& value : document.get_array()) {
    if (!value.is_object()) return NotSumac();
    const auto& object = value.get_object();
    datasets.push_back({Text(object, "name"), Text(object, "from"), Text(object, "status"),
                        Text(object, "error_message")});
  }
  return datasets;
}

Result<RefreshedSchema> ServerClient::RefreshSchema(const std::string& dataset,
                                                    const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(
      const auto body,
      Ask("POST", "/v1/datasets/" + aws::PercentEncode(dataset) + "/schema/refresh",
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

}  // namespace sumac::server
