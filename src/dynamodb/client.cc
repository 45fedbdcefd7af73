#include "dynamodb/client.h"

#include <random>

#include "base/json_text.h"
#include "dynamodb/call.h"
#include "dynamodb/items_by_key.h"
#include "dynamodb/page_envelope.h"
#include "dynamodb/scan_request_json.h"
#include "dynamodb/table_response.h"
#include "net/outcome.h"

namespace sumac::dynamodb {
namespace {

// Destroying it drops the call's callback.
class CallHandle final : public Client::Call {
 public:
  explicit CallHandle(std::shared_ptr<RetryingCall> call) : call_(std::move(call)) {}
  ~CallHandle() override { call_->Abandon(); }
  void Cancel() override { call_->Cancel(); }

 private:
  const std::shared_ptr<RetryingCall> call_;
};

uint64_t SystemSeed() {
  std::random_device device;
  return (static_cast<uint64_t>(device()) << 32) | device();
}

std::string HostOf(const std::string& endpoint_url) {
  const size_t scheme = endpoint_url.find("://");
  return scheme == std::string::npos ? endpoint_url : endpoint_url.substr(scheme + 3);
}

const char* OperationOf(const ScanRequest& request) {
  if (request.keys) return request.keys->size() == 1 ? "GetItem" : "BatchGetItem";
  return request.key_condition ? "Query" : "Scan";
}

// Reads a response into `page`.
RetryingCall::Accept AcceptPage(const ScanRequest& request, std::shared_ptr<Page> page) {
  return [page = std::move(page), segment = request.segment, by_key = request.keys != nullptr](
             net::HttpResponse& response, size_t bytes_on_wire) {
    Page fresh;
    fresh.segment = segment;
    fresh.body = std::move(response.body);
    fresh.bytes_on_wire = bytes_on_wire;
    *page = std::move(fresh);
    return by_key ? MakePageOfItems(*page) : ReadPageEnvelope(*page);
  };
}

}  // namespace

class Client::State {
 public:
  explicit State(std::shared_ptr<ClientContext> context_in) : context(std::move(context_in)) {}

  Operation MakeOperation(const char* name, const std::string& table_name) const {
    return {name, table_name, context->options.region};
  }

  // Runs a call to its end; `result` is what `accept` fills in, shared because the call may outlive
  // the wait.
  Status Run(Operation operation, std::string body, RetryingCall::Accept accept,
             const std::atomic<bool>* cancelled) const {
    auto outcome = std::make_shared<net::Outcome<void>>();
    auto call = std::make_shared<RetryingCall>(
        context, std::move(operation), std::move(body), std::move(accept),
        [outcome](Status status) { outcome->Set(std::move(status)); });
    call->Start();
    auto status = outcome->Wait(cancelled);
    // Without effect when the call has ended.
    call->Abandon();
    return status;
  }

  const std::shared_ptr<ClientContext> context;
};

Client::Client(std::shared_ptr<net::Transport> transport,
               std::shared_ptr<aws::CredentialsCache> credentials,
               std::shared_ptr<aws::SigningClock> clock, ClientOptions options) {
  auto context = std::make_shared<ClientContext>();
  context->transport = std::move(transport);
  context->credentials = std::move(credentials);
  context->clock = std::move(clock);
  context->host = HostOf(options.endpoint_url);
  context->random.seed(options.random_seed != 0 ? options.random_seed : SystemSeed());
  context->compression = std::make_unique<CompressionPolicy>(options.compression);
  context->options = std::move(options);
  state_ = std::make_shared<State>(std::move(context));
}

Client::~Client() = default;

std::shared_ptr<Client::Call> Client::Scan(const ScanRequest& request,
                                           std::function<void(Result<Page>)> callback) {
  auto page = std::make_shared<Page>();
  auto accept = AcceptPage(request, page);
  auto done = [page, callback = std::move(callback)](Status status) {
    if (status) {
      callback(std::move(*page));
    } else {
      callback(Fail(std::move(status).error()));
    }
  };
  auto call = std::make_shared<RetryingCall>(
      state_->context, state_->MakeOperation(OperationOf(request), request.table_name),
      ScanRequestJson(request), std::move(accept), std::move(done), request.retry);
  call->Start();
  return std::make_shared<CallHandle>(std::move(call));
}

Result<Page> Client::ScanAndWait(const ScanRequest& request, const std::atomic<bool>* cancelled) {
  auto page = std::make_shared<Page>();
  SUMAC_RETURN_IF_ERROR(state_->Run(state_->MakeOperation(OperationOf(request), request.table_name),
                                    ScanRequestJson(request), AcceptPage(request, page),
                                    cancelled));
  return std::move(*page);
}

Result<TableDescription> Client::DescribeTable(const std::string& table_name,
                                               const std::atomic<bool>* cancelled) {
  std::string body = "{\"TableName\":";
  AppendJsonString(table_name, body);
  body += "}";
  auto table = std::make_shared<TableDescription>();
  auto accept = [table](net::HttpResponse& response, size_t) -> Status {
    SUMAC_ASSIGN_OR_RETURN(*table, ParseDescribeTable(response.body));
    return {};
  };
  SUMAC_RETURN_IF_ERROR(
      state_->Run(state_->MakeOperation("DescribeTable", table_name), body, accept, cancelled));
  return std::move(*table);
}

Result<std::vector<std::string>> Client::ListTables(size_t limit,
                                                    const std::atomic<bool>* cancelled) {
  std::vector<std::string> names;
  std::string start;
  while (names.size() < limit) {
    std::string body = "{";
    if (!start.empty()) {
      body += "\"ExclusiveStartTableName\":";
      AppendJsonString(start, body);
    }
    body += "}";
    auto page = std::make_shared<TableNames>();
    auto accept = [page](net::HttpResponse& response, size_t) -> Status {
      SUMAC_ASSIGN_OR_RETURN(*page, ParseListTables(response.body));
      return {};
    };
    SUMAC_RETURN_IF_ERROR(
        state_->Run(state_->MakeOperation("ListTables", ""), body, accept, cancelled));
    names.insert(names.end(), page->names.begin(), page->names.end());
    // A server that names the same table again would never come to an end.
    if (page->last_evaluated.empty() || page->last_evaluated == start) break;
    start = page->last_evaluated;
  }
  if (names.size() > limit) names.resize(limit);
  return names;
}

const ClientOptions& Client::options() const {
  return state_->context->options;
}

const std::shared_ptr<net::Transport>& Client::transport() const {
  return state_->context->transport;
}

std::shared_ptr<const Clock> Client::clock() const {
  return state_->context->clock;
}

}  // namespace sumac::dynamodb
