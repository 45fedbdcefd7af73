#include "fake_dynamodb/fake_dynamodb.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_text.h"
#include "fake_dynamodb/answer_writer.h"
#include "fake_dynamodb/replayed_table.h"
#include "fake_dynamodb/scan_request.h"
#include "fake_dynamodb/table_arn.h"

namespace sumac::fake_dynamodb {
namespace {

constexpr std::string_view kTargetPrefix = "DynamoDB_20120810.";
constexpr size_t kCompressedBytesMin = 5 * 1024;

std::string OperationOf(const ReceivedRequest& request) {
  const std::string* target = request.FindHeader("x-amz-target");
  if (target == nullptr || target->rfind(kTargetPrefix, 0) != 0) return "Unknown";
  return target->substr(kTargetPrefix.size());
}

bool AcceptsGzip(const ReceivedRequest& request) {
  const std::string* accepted = request.FindHeader("accept-encoding");
  return accepted != nullptr && accepted->find("gzip") != std::string::npos;
}

std::shared_ptr<const RenderedPage> Render(std::string body) {
  return std::make_shared<const RenderedPage>(std::move(body));
}

}  // namespace

Result<std::unique_ptr<FakeDynamodb>> FakeDynamodb::Start(FakeOptions options) {
  std::unique_ptr<FakeDynamodb> fake(new FakeDynamodb(std::move(options)));
  SUMAC_ASSIGN_OR_RETURN(fake->server_,
                         HttpServer::Start(
                             [self = fake.get()](const auto& request, auto& connection) {
                               self->Handle(request, connection);
                             },
                             fake->options_.connections_max));
  return fake;
}

FakeDynamodb::~FakeDynamodb() {
  Stop();
}

void FakeDynamodb::Stop() {
  if (server_) server_->Stop();
}

std::string FakeDynamodb::endpoint_url() const {
  return fmt::format("http://127.0.0.1:{}", server_->port());
}

Status FakeDynamodb::AddTable(TableDefinition definition) {
  auto name = definition.name;
  ServedEntry entry;
  if (options_.service) {
    SUMAC_ASSIGN_OR_RETURN(entry.service, ServiceModel::Make(*options_.service));
  }
  if (definition.replayed_pages > 0) {
    SUMAC_ASSIGN_OR_RETURN(entry.table, ReplayedTable::Make(std::move(definition)));
  } else {
    SUMAC_ASSIGN_OR_RETURN(entry.table, Table::Make(std::move(definition)));
  }
  std::lock_guard lock(mutex_);
  tables_[std::move(name)] = std::move(entry);
  return {};
}

void FakeDynamodb::DropTable(const std::string& name) {
  std::lock_guard lock(mutex_);
  tables_.erase(name);
}

std::vector<RecordedRequest> FakeDynamodb::Requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

size_t FakeDynamodb::RequestCount(const std::string& operation) const {
  std::lock_guard lock(mutex_);
  const auto found = request_counts_.find(operation);
  return found == request_counts_.end() ? 0 : found->second;
}

size_t FakeDynamodb::InFlightMax() const {
  std::lock_guard lock(mutex_);
  return in_flight_max_;
}

void FakeDynamodb::Record(const std::string& operation, const ReceivedRequest& request) {
  std::lock_guard lock(mutex_);
  ++request_counts_[operation];
  ++request_counts_[""];
  in_flight_max_ = std::max(in_flight_max_, ++in_flight_);
  if (requests_.size() < options_.requests_recorded_max) {
    requests_.push_back({operation, request.body, request.headers});
  }
}

void FakeDynamodb::Handle(const ReceivedRequest& request, Connection& connection) {
  const auto operation = OperationOf(request);
  // Taken before anything else, so that requests meet the faults in the order in which they came.
  const auto taken = faults_.Take(operation, ReadCredentialScope(request).access_key_id);
  const Fault* fault = taken ? &*taken : nullptr;
  const int releases = faults_.Releases();
  Record(operation, request);

  bool wanted = true;
  if (fault != nullptr && fault->kind == FaultKind::kNeverAnswer) {
    wanted = connection.WaitUntil([&] { return faults_.Releases() != releases; });
  }
  AnsweredRequest answered;
  answered.operation = operation;
  answered.sender = Inspect(request);
  if (const auto* host = request.FindHeader("host")) answered.host = *host;
  std::optional<MonotonicTime> answer_at;
  auto body = Execute(operation, request, answered.sender, fault, answer_at);
  if (answer_at) wanted = connection.WaitUntil(*options_.clock, *answer_at) && wanted;
  AnswerToWrite answer;
  if (!body) {
    answer.status = body.error().status;
    answered.status = answer.status;
    answered.error = body.error().type.substr(body.error().type.find('#') + 1);
    body = Render(body.error().ToJson());
  }
  answer.body = body->get();
  answer.compress = options_.compression == Compression::kWhenAccepted && AcceptsGzip(request) &&
                    answer.body->size() >= kCompressedBytesMin;
  if (options_.clock != nullptr) answer.date = options_.clock->WallNow();
  {
    std::lock_guard lock(mutex_);
    answer.request_number = ++request_ids_;
    // Before the client can have read the answer and asked again.
    --in_flight_;
  }
  if (options_.on_answer) options_.on_answer(answered);
  if (wanted) WriteAnswer(answer, fault, connection);
}

SignatureReport FakeDynamodb::Inspect(const ReceivedRequest& request) const {
  if (!options_.check_signatures) return {.scope = ReadCredentialScope(request)};
  std::optional<WallTime> now;
  if (options_.clock != nullptr) now = options_.clock->WallNow();
  return InspectSignature(request, options_.signers, now, options_.signature_age_max);
}

FakeDynamodb::Body FakeDynamodb::Execute(const std::string& operation,
                                         const ReceivedRequest& request,
                                         const SignatureReport& sender, const Fault* fault,
                                         std::optional<MonotonicTime>& answer_at) {
  if (sender.refusal) return Refuse(*sender.refusal);
  if (fault != nullptr && fault->kind == FaultKind::kServiceError) return Refuse(fault->error);
  if (operation == "Scan") return Scan(request.body, sender.scope.region, fault, answer_at);
  if (operation == "Query") return Query(request.body, sender.scope.region, fault, answer_at);
  if (operation == "GetItem") return GetItem(request.body, sender.scope.region, answer_at);
  if (operation == "BatchGetItem") {
    return BatchGetItem(request.body, sender.scope.region, fault, answer_at);
  }
  if (operation == "ListTables") return ListTables(request.body);
  if (operation == "DescribeTable") return DescribeTable(request.body, sender.scope.region);
  return Refuse(CoralError("UnknownOperationException", ""));
}

FakeDynamodb::Body FakeDynamodb::DescribeTable(const std::string& body,
                                               const std::string& region) const {
  const auto name = ParseTableName(body);
  if (!name) return Refuse(name.error());
  const auto entry = FindTable(*name, region, true);
  if (!entry) return Refuse(entry.error());
  return Render(entry->table->Describe());
}

Answer<FakeDynamodb::ServedEntry> FakeDynamodb::FindTable(const std::string& name_or_arn,
                                                          const std::string& region,
                                                          bool describe) const {
  const auto parsed = TableNameOf(name_or_arn, region);
  if (!parsed) return Refuse(parsed.error());
  const std::string& name = *parsed;
  std::lock_guard lock(mutex_);
  const auto found = tables_.find(name);
  if (found != tables_.end()) return found->second;
  return Refuse(DynamodbError(
      "ResourceNotFoundException",
      describe ? fmt::format("Requested resource not found: Table: {} not found", name)
               : "Requested resource not found"));
}

FakeDynamodb::Body FakeDynamodb::ListTables(const std::string& body) const {
  const auto parameters = ParseListTables(body);
  if (!parameters) return Refuse(parameters.error());
  std::lock_guard lock(mutex_);
  std::string names;
  std::string last;
  size_t count = 0;
  auto table = tables_.upper_bound(parameters->exclusive_start_table_name);
  for (; table != tables_.end() && count < parameters->limit; ++table, ++count) {
    if (count > 0) names += ',';
    last.clear();
    AppendJsonString(table->first, last);
    names += last;
  }
  const auto more =
      table == tables_.end() ? std::string() : R"("LastEvaluatedTableName":)" + last + ",";
  return Render("{" + more + R"("TableNames":[)" + names + "]}");
}

}  // namespace sumac::fake_dynamodb
