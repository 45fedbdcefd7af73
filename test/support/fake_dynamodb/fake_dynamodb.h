// DynamoDB in this process, for what no emulator does: signatures that are really checked, faults
// on command, pages of any size, and speed (every page is rendered once).
//
//   auto fake = FakeDynamodb::Start({});
//   (*fake)->AddTable({.name = "users", .keys = {{"id", 'N'}}, .items = {R"({"id":{"N":"1"}})"}});
//   (*fake)->faults().Next("Scan", Fault::Throttle(), 2);
//   ... a client for (*fake)->endpoint_url() ...
//
// Knows ListTables, DescribeTable, Scan, Query, GetItem and BatchGetItem, with key conditions,
// filters, projections and secondary indexes; a table may be named by its ARN, of any account.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fake_dynamodb/faults.h"
#include "fake_dynamodb/http_server.h"
#include "fake_dynamodb/read_log.h"
#include "fake_dynamodb/service_model.h"
#include "fake_dynamodb/signature_check.h"
#include "fake_dynamodb/table.h"

namespace sumac::fake_dynamodb {

// When bodies are gzipped without a fault. kWhenAccepted: as the service does, if the request says
// Accept-Encoding: gzip and the body has 5 KB or more.
enum class Compression { kNever, kWhenAccepted };

// A request and how it was met.
struct AnsweredRequest {
  std::string operation;
  std::string host;        // the Host header
  std::string error;       // "ExpiredTokenException"; empty when it was answered
  SignatureReport sender;  // when signatures are not checked, only the scope
  int status = 200;        // the service's, though a fault may keep it from the client
};

struct FakeOptions {
  // Who may sign; at least one.
  std::vector<Signer> signers{{.access_key_id = "AKIDFAKE",
                               .secret_access_key = "fake/secret+key",
                               .session_token = "",
                               .region = "us-west-2"}};
  bool check_signatures = true;
  std::chrono::minutes signature_age_max = kSignatureAgeMax;
  // Called with each request just before its answer goes out, on many threads at once.
  std::function<void(const AnsweredRequest&)> on_answer;
  // The service's time of day, for the age of signatures and the Date header; without one, any age
  // is accepted. Must outlive the fake.
  const Clock* clock = nullptr;
  Compression compression = Compression::kNever;
  // How fast tables can be read; each has the whole of it. Needs a clock. Without one, as fast as
  // the machine can.
  std::optional<ServiceModelOptions> service;
  // Requests that are kept for Requests(); later ones are only counted.
  size_t requests_recorded_max = 10'000;
  size_t connections_max = 128;
};

struct RecordedRequest {
  std::string operation;  // "Scan"
  std::string body;
  std::vector<ReceivedHeader> headers;
};

// Thread-safe.
class FakeDynamodb {
 public:
  // Error kUnavailable when no port can be had.
  static Result<std::unique_ptr<FakeDynamodb>> Start(FakeOptions options);
  ~FakeDynamodb();

  // Adds or replaces a table. Error kInvalidArgument: see Table::Make and ReplayedTable::Make.
  Status AddTable(TableDefinition definition);
  void DropTable(const std::string& name);

  // "http://127.0.0.1:PORT".
  std::string endpoint_url() const;
  Faults& faults() { return faults_; }

  // In the order of arrival.
  std::vector<RecordedRequest> Requests() const;
  // How many requests of `operation` ("" means any) came.
  size_t RequestCount(const std::string& operation = "") const;
  // The most requests that were being answered at the same time.
  size_t InFlightMax() const;

  // What reads were answered since the last call; see ReadLog::Take. Needs a clock: empty without.
  std::string TakeReadLog() { return read_log_.Take(); }

  // Closes all connections and waits for their threads. Safe to call more than once.
  void Stop();

 private:
  explicit FakeDynamodb(FakeOptions options) : options_(std::move(options)) {}

  using Body = Answer<std::shared_ptr<const RenderedPage>>;
  struct ServedEntry {
    std::shared_ptr<ServedTable> table;
    std::shared_ptr<ServiceModel> service;  // null without one
  };
  void Handle(const ReceivedRequest& request, Connection& connection);
  void Record(const std::string& operation, const ReceivedRequest& request);
  SignatureReport Inspect(const ReceivedRequest& request) const;
  Body Execute(const std::string& operation, const ReceivedRequest& request,
               const SignatureReport& sender, const Fault* fault,
               std::optional<MonotonicTime>& answer_at);
  Body ListTables(const std::string& body) const;
  Body DescribeTable(const std::string& body, const std::string& region) const;
  // These set `answer_at` when the answer has to wait.
  Body Scan(const std::string& body, const std::string& region, const Fault* fault,
            std::optional<MonotonicTime>& answer_at);
  Body Query(const std::string& body, const std::string& region, const Fault* fault,
             std::optional<MonotonicTime>& answer_at);
  Body GetItem(const std::string& body, const std::string& region,
               std::optional<MonotonicTime>& answer_at);
  Body BatchGetItem(const std::string& body, const std::string& region, const Fault* fault,
                    std::optional<MonotonicTime>& answer_at);
  // Takes what was read from the table's capacity; a refusal when there is none left. Moves
  // `answer_at` to when the answer may go out.
  std::optional<ServiceError> Admit(const ServedEntry& entry, double hash_position,
                                    double read_units, std::optional<MonotonicTime>& answer_at);
  void LogRead(const char* operation, double read_units, uint64_t body_bytes,
               std::optional<MonotonicTime> answer_at);
  // `region` is the one the request is for; a table's ARN must be of the same.
  Answer<ServedEntry> FindTable(const std::string& name_or_arn, const std::string& region,
                                bool describe) const;

  const FakeOptions options_;
  Faults faults_;
  ReadLog read_log_;
  mutable std::mutex mutex_;
  std::map<std::string, ServedEntry> tables_;
  std::vector<RecordedRequest> requests_;
  std::map<std::string, size_t> request_counts_;
  size_t in_flight_ = 0;
  size_t in_flight_max_ = 0;
  uint64_t request_ids_ = 0;
  // Last, so that it stops before what its threads use is destroyed.
  std::unique_ptr<HttpServer> server_;
};

}  // namespace sumac::fake_dynamodb
