#include "server/flight/flight_server.h"

#include <gmock/gmock.h>

#include "server/flight/flight_client.h"
#include "server/flight/flight_command.h"
#include "server/flight/flight_status.h"
#include "server/http/fake_backend.h"

namespace sumac::server {
namespace {

namespace flight = arrow::flight::protocol;
using testing::HasSubstr;

class FlightServerTest : public testing::Test {
 protected:
  void Start(FlightServerOptions options = {}) { Start(std::move(options), clock_); }

  void Start(FlightServerOptions options, const Clock& clock) {
    options.listen = "127.0.0.1:0";
    options.active_queries = active_queries_;
    auto started = FlightServer::Start(options, backend_, clock);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = *std::move(started);
    client_ = std::make_unique<FlightClient>(server_->address());
  }

  static std::string Packed(const std::string& sql) {
    flight_sql::CommandStatementQuery query;
    query.set_query(sql);
    return PackMessage(query);
  }

  flight_sql::ActionCreatePreparedStatementResult Prepare(const std::string& sql) {
    flight_sql::ActionCreatePreparedStatementRequest request;
    request.set_query(sql);
    flight::Action action;
    action.set_type("CreatePreparedStatement");
    action.set_body(PackMessage(request));
    std::vector<flight::Result> results;
    const auto status = client_->Stream("DoAction", action, results);
    EXPECT_TRUE(status.ok()) << status.error_message();
    flight_sql::ActionCreatePreparedStatementResult result;
    google::protobuf::Any any;
    EXPECT_TRUE(results.size() == 1 && any.ParseFromString(results[0].body()) &&
                any.UnpackTo(&result));
    return result;
  }

  const SystemClock clock_{};
  std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
  std::shared_ptr<ActiveQueries> active_queries_ = std::make_shared<ActiveQueries>(clock_);
  std::unique_ptr<FlightServer> server_;
  std::unique_ptr<FlightClient> client_;
};

TEST_F(FlightServerTest, AnswersSqlAsItIsAndPacked) {
  Start();
  for (const std::string& command : {std::string("SELECT 42 AS a"), Packed("SELECT 42 AS a")}) {
    flight::FlightInfo info;
    ASSERT_TRUE(client_->GetFlightInfo(command, info).ok());
    EXPECT_EQ(info.schema().substr(0, 4), "\xff\xff\xff\xff");
    ASSERT_EQ(info.endpoint_size(), 1);
    EXPECT_EQ(info.endpoint(0).ticket().ticket(), command);
    EXPECT_EQ(info.endpoint(0).location_size(), 0);
    std::vector<flight::FlightData> data;
    ASSERT_TRUE(client_->DoGet(command, data).ok());
    ASSERT_EQ(data.size(), 2U);
    // The schema is not framed here.
    EXPECT_EQ(info.schema().substr(8), data[0].data_header());
    EXPECT_EQ(data[0].data_body(), "");
    EXPECT_EQ(data[1].data_body().substr(0, 1), "*");
  }
  EXPECT_EQ(active_queries_->List().size(), 0U);
}

TEST_F(FlightServerTest, ErrorsOfTheClientAreInvalidArgument) {
  Start();
  std::vector<flight::FlightData> data;
  const auto syntax = client_->DoGet("SELEC", data);
  EXPECT_EQ(syntax.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(syntax.error_message(), HasSubstr("syntax error"));
  flight::FlightInfo info;
  EXPECT_EQ(client_->GetFlightInfo("SELEC", info).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  flight::FlightDescriptor path;
  path.set_type(flight::FlightDescriptor::PATH);
  path.add_path("users");
  EXPECT_EQ(client_->Unary("GetFlightInfo", path, info).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(FlightServerTest, ErrorsOfTheQueryKeepTheirMeaning) {
  Start();
  const std::pair<ErrorCode, grpc::StatusCode> cases[] = {
      {ErrorCode::kNotFound, grpc::StatusCode::NOT_FOUND},
      {ErrorCode::kUnauthenticated, grpc::StatusCode::FAILED_PRECONDITION},
      {ErrorCode::kThrottled, grpc::StatusCode::RESOURCE_EXHAUSTED},
      {ErrorCode::kUnavailable, grpc::StatusCode::UNAVAILABLE},
      {ErrorCode::kDeadlineExceeded, grpc::StatusCode::RESOURCE_EXHAUSTED},
      {ErrorCode::kUnsupported, grpc::StatusCode::INVALID_ARGUMENT},
      {ErrorCode::kInternal, grpc::StatusCode::INTERNAL},
  };
  for (const auto& [code, expected] : cases) {
    std::vector<flight::FlightData> data;
    const auto status = client_->DoGet("FAIL " + std::to_string(static_cast<int>(code)), data);
    EXPECT_EQ(status.error_code(), expected);
    EXPECT_EQ(status.error_message(), "it failed");
  }
  EXPECT_EQ(FlightStatusOf({ErrorCode::kDeadlineExceeded, Blame::kService, "slow"}).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  std::vector<flight::FlightData> data;
  const auto broken = client_->DoGet("BREAK AFTER 20", data);
  EXPECT_EQ(broken.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_GT(data.size(), 1U);
}

TEST_F(FlightServerTest, CancellingStopsTheQuery) {
  Start();
  std::vector<flight::FlightData> data;
  const auto status = client_->DoGet("ENDLESS", data, 3);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  backend_->WaitForQueries(0);
  EXPECT_EQ(active_queries_->List().size(), 0U);
}

TEST_F(FlightServerTest, AQueryThatHasSentNothingIsCancelledToo) {
  Start();
  std::thread canceller([this] {
    backend_->WaitForQueries(1);
    while (active_queries_->List().empty()) std::this_thread::yield();
    EXPECT_TRUE(active_queries_->Cancel(active_queries_->List()[0].id));
  });
  std::vector<flight::FlightData> data;
  EXPECT_EQ(client_->DoGet("BLOCK", data).error_code(), grpc::StatusCode::CANCELLED);
  canceller.join();
  EXPECT_GT(backend_->interrupts, 0);
}

TEST_F(FlightServerTest, StoppingInterruptsWhatRuns) {
  FlightServerOptions options;
  options.stop_grace_ms = 50;
  Start(options);
  std::thread caller([this] {
    std::vector<flight::FlightData> data;
    EXPECT_FALSE(client_->DoGet("BLOCK", data).ok());
  });
  backend_->WaitForQueries(1);
  server_->Stop();
  caller.join();
  EXPECT_GT(backend_->interrupts, 0);
}

TEST_F(FlightServerTest, HandshakeAnswersBeforeTheClientEnds) {
  Start();
  flight::HandshakeRequest request;
  request.set_protocol_version(7);
  std::vector<flight::HandshakeResponse> responses;
  ASSERT_TRUE(client_->Exchange("Handshake", std::vector{request}, responses, false).ok());
  ASSERT_EQ(responses.size(), 1U);
  EXPECT_EQ(responses[0].protocol_version(), 7U);
  EXPECT_EQ(client_->initial["authorization"], "Bearer " + responses[0].payload());
}

// Nobody has shown a key yet: calls that say nothing must not keep others out.
TEST_F(FlightServerTest, AHandshakeHasToSaySomething) {
  ManualClock clock;
  Start({}, clock);
  std::vector<std::thread> callers;
  std::atomic<int> refused = 0;
  std::atomic<int> ended = 0;
  for (int i = 0; i < 40; ++i) {
    callers.emplace_back([&] {
      std::vector<flight::HandshakeResponse> responses;
      FlightClient client(server_->address());
      const auto status =
          client.Exchange("Handshake", std::vector<flight::HandshakeRequest>(), responses, false);
      if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) ++refused;
      if (status.error_code() == grpc::StatusCode::CANCELLED) ++ended;
    });
  }
  while (refused < 8) std::this_thread::yield();
  clock.Advance(std::chrono::seconds(31));
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(refused, 8);
  EXPECT_EQ(ended, 32);
  // A client hears that its call has ended a little before the server has counted that.
  grpc::Status status;
  do {
    std::vector<flight::HandshakeResponse> responses;
    status =
        client_->Exchange("Handshake", std::vector{flight::HandshakeRequest()}, responses, false);
  } while (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(status.ok()) << status.error_message();
  server_.reset();
}

TEST_F(FlightServerTest, KeysAreAskedFor) {
  FlightServerOptions options;
  options.api_keys = std::make_shared<CurrentApiKeys>(*ApiKeys::Create({"secret"}));
  Start(options);
  std::vector<flight::FlightData> data;
  const auto missing = client_->DoGet("SELECT 1", data);
  EXPECT_EQ(missing.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(missing.error_message(), "Missing authorization header");
  client_->metadata["authorization"] = "Bearer wrong";
  EXPECT_EQ(client_->DoGet("SELECT 1", data).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  flight::FlightInfo info;
  EXPECT_EQ(client_->GetFlightInfo("SELECT 1", info).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  client_->metadata["authorization"] = "Bearer secret";
  EXPECT_TRUE(client_->DoGet("SELECT 1", data).ok());

  client_->metadata["authorization"] = "Basic OnNlY3JldA==";
  std::vector<flight::HandshakeResponse> responses;
  ASSERT_TRUE(
      client_->Exchange("Handshake", std::vector{flight::HandshakeRequest()}, responses, true)
          .ok());
  client_->metadata["authorization"] = client_->initial["authorization"];
  EXPECT_TRUE(client_->DoGet("SELECT 1", data).ok());
  client_->metadata["authorization"] = "Basic OndyZWNr";
  EXPECT_EQ(client_->Exchange("Handshake", std::vector{flight::HandshakeRequest()}, responses, true)
                .error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(FlightServerTest, PreparesAndForgetsStatements) {
  Start();
  const auto prepared = Prepare("SELECT 7 AS a");
  EXPECT_EQ(prepared.dataset_schema().substr(0, 4), "\xff\xff\xff\xff");
  EXPECT_EQ(prepared.parameter_schema().substr(0, 4), "\xff\xff\xff\xff");
  flight_sql::CommandPreparedStatementQuery query;
  query.set_prepared_statement_handle(prepared.prepared_statement_handle());
  std::vector<flight::FlightData> data;
  ASSERT_TRUE(client_->DoGet(PackMessage(query), data).ok());
  EXPECT_EQ(data.size(), 2U);

  flight_sql::ActionClosePreparedStatementRequest close;
  close.set_prepared_statement_handle(prepared.prepared_statement_handle());
  flight::Action action;
  action.set_type("ClosePreparedStatement");
  action.set_body(PackMessage(close));
  std::vector<flight::Result> results;
  EXPECT_TRUE(client_->Stream("DoAction", action, results).ok());
  const auto closed = client_->DoGet(PackMessage(query), data);
  EXPECT_EQ(closed.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(closed.error_message(), HasSubstr("Prepare it again"));

  action.set_type("BeginTransaction");
  const auto unknown = client_->Stream("DoAction", action, results);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(unknown.error_message(), HasSubstr("There is no action 'BeginTransaction'"));
}

TEST_F(FlightServerTest, OnlyParametersCanBePut) {
  Start();
  flight::FlightData data;
  data.mutable_flight_descriptor()->set_type(flight::FlightDescriptor::CMD);
  data.mutable_flight_descriptor()->set_cmd(Packed("SELECT 1"));
  std::vector<flight::PutResult> results;
  const auto status = client_->DoPut({data}, results);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("does not write"));
  EXPECT_EQ(client_->DoPut({}, results).error_code(), grpc::StatusCode::INVALID_ARGUMENT);

  flight_sql::CommandPreparedStatementQuery query;
  query.set_prepared_statement_handle(Prepare("SELECT 1").prepared_statement_handle());
  data.mutable_flight_descriptor()->set_cmd(PackMessage(query));
  data.set_data_header("rubbish");
  const auto rubbish = client_->DoPut({data}, results);
  EXPECT_EQ(rubbish.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(rubbish.error_message(), HasSubstr("a message that is none"));
}

TEST_F(FlightServerTest, SaysWhatItCostAndWarnsOf) {
  Start();
  backend_->read_units = 12.5;
  std::vector<flight::FlightData> data;
  ASSERT_TRUE(client_->DoGet("WARN", data).ok());
  EXPECT_EQ(client_->trailing["sumac-consumed-rcu"], "12.5");
  EXPECT_EQ(client_->trailing["sumac-warnings"], "2");
  client_->metadata["sumac-query-timeout"] = "2s";
  ASSERT_TRUE(client_->DoGet("TIMEOUT", data).ok());
  client_->metadata["sumac-query-timeout"] = "soon";
  EXPECT_EQ(client_->DoGet("TIMEOUT", data).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(FlightServerTest, TheServersTimeIsTheMost) {
  FlightServerOptions options;
  options.query_limits.timeout = std::chrono::seconds(10);
  Start(options);
  const auto milliseconds_for = [this](const std::string& asked) {
    client_->metadata["sumac-query-timeout"] = asked;
    std::vector<flight::FlightData> data;
    EXPECT_TRUE(client_->DoGet("TIMEOUT", data).ok());
    int32_t ms = 0;
    EXPECT_EQ(data.size(), 2U);
    std::memcpy(&ms, data.back().data_body().data(), sizeof ms);
    return ms;
  };
  EXPECT_EQ(milliseconds_for("1m"), 10'000);
  EXPECT_EQ(milliseconds_for("2s"), 2'000);
}

TEST_F(FlightServerTest, GivesNoMoreRowsThanItMay) {
  FlightServerOptions options;
  options.query_limits.result_rows_max = 3000;
  Start(options);
  std::vector<flight::FlightData> data;
  EXPECT_TRUE(client_->DoGet("SELECT i FROM range(3000) t(i)", data).ok());
  const auto refused = client_->DoGet("SELECT i FROM range(3001) t(i)", data);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.error_message(),
            "The result has more than 3000 rows, which is what this server gives "
            "(runtime.query.max_result_rows). Add a LIMIT, or aggregate.");
}

// The engine, which sees that the time is up, waits for the client to take a message.
TEST_F(FlightServerTest, AClientThatTakesNothingHasNoMoreTimeThanOthers) {
  ManualClock clock;
  FlightServerOptions options;
  options.query_limits.timeout = std::chrono::seconds(10);
  Start(options, clock);
  client_->on_response = [&] {
    clock.Advance(std::chrono::seconds(20));
    backend_->WaitForQueries(0);
  };
  std::vector<flight::FlightData> data;
  EXPECT_EQ(client_->DoGet("ENDLESS", data).error_code(), grpc::StatusCode::CANCELLED);
  server_.reset();
}

TEST_F(FlightServerTest, QueriesAreKeptWithWhoAsked) {
  const auto history = QueryHistory::Create({}, std::make_shared<SystemClock>(), nullptr);
  FlightServerOptions options;
  options.history = history;
  Start(options);
  backend_->read_units = 2;
  client_->metadata = {{"x-request-id", "job-7"},
                       {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}};
  std::vector<flight::FlightData> data;
  ASSERT_TRUE(client_->DoGet(Packed("SELECT 1 AS a FROM range(5)"), data).ok());
  EXPECT_EQ(client_->initial["x-request-id"], "job-7");
  EXPECT_THAT(client_->initial["traceparent"], HasSubstr("00-0af7651916cd43dd8448eb211c80319c-"));
  EXPECT_FALSE(client_->DoGet("FAIL 1", data).ok());
  const auto queries = history->Ended();
  ASSERT_EQ(queries.size(), 2U);
  EXPECT_EQ(queries[0].context.request_id, "job-7");
  EXPECT_EQ(queries[0].protocol, "flightsql");
  EXPECT_EQ(queries[0].rows, 5U);
  EXPECT_GE(queries[0].bytes, 20U);
  EXPECT_EQ(queries[0].cost.consumed_read_units, 2);
  EXPECT_EQ(queries[0].error_code, "");
  EXPECT_EQ(queries[1].protocol, "flight");
  EXPECT_EQ(queries[1].error_message, "it failed");
}

TEST_F(FlightServerTest, BatchesAreSmallEnoughForClients) {
  Start();
  std::vector<flight::FlightData> data;
  ASSERT_TRUE(client_->DoGet("SELECT repeat('x', 100000) AS v FROM range(100)", data).ok());
  EXPECT_GE(data.size(), 5U);
  for (const auto& message : data) EXPECT_LT(message.data_body().size(), 2'200'000U);
}

TEST_F(FlightServerTest, AnAddressThatIsTakenIsAnError) {
  Start();
  FlightServerOptions options;
  options.listen = server_->address();
  const auto second = FlightServer::Start(options, backend_, clock_);
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().message, HasSubstr("could not listen on 127.0.0.1:"));
  options.listen = "nowhere";
  EXPECT_EQ(FlightServer::Start(options, backend_, clock_).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace sumac::server
