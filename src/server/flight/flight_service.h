// The calls of Arrow Flight, and of Flight SQL over them (docs/flight.md).
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/method_handler.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/impl/codegen/sync_stream.h>

#include "flight.pb.h"
#include "server/flight/call_watch.h"
#include "server/flight/flight_access.h"
#include "server/flight/flight_query.h"
#include "server/flight/outgoing_data.h"
#include "server/flight/prepared_statements.h"
#include "server/observation/query_history.h"

namespace sumac::server {

namespace flight = arrow::flight::protocol;

// Sends a message; false when the client is gone.
using SendMessage = std::function<bool(engine::IpcMessage)>;

struct FlightServiceOptions {
  QueryLimits query_limits;
  engine::RecordBatchLimits batch_limits;
  // Of all messages with which one statement's parameters come.
  uint64_t parameter_bytes_max = 16 << 20;
  // What a client has for all its messages of a handshake, or with parameters.
  std::chrono::milliseconds read_timeout{30'000};
  int handshakes_max = 32;
  // Counts calls when it is not null; outlives the service.
  Metrics* metrics = nullptr;
};

// Called by gRPC on many threads. Its methods are registered by hand, because the data that is sent
// is no message of protobuf's.
class FlightService final : public grpc::Service {
 public:
  FlightService(FlightServiceOptions options, std::shared_ptr<Backend> backend,
                std::shared_ptr<ActiveQueries> active_queries,
                std::shared_ptr<QueryHistory> history,
                std::shared_ptr<const CurrentApiKeys> api_keys, const Clock& clock);

 private:
  using HandshakeStream =
      grpc::ServerReaderWriter<flight::HandshakeResponse, flight::HandshakeRequest>;
  using PutStream = grpc::ServerReaderWriter<flight::PutResult, flight::FlightData>;
  using DataWriter = grpc::ServerWriter<OutgoingData>;

  void AddMethods();

  grpc::Status Handshake(grpc::ServerContext& call, HandshakeStream& stream);
  grpc::Status Greet(grpc::ServerContext& call, HandshakeStream& stream);
  Status GetFlightInfo(const flight::FlightDescriptor& descriptor, flight::FlightInfo& info);
  Status GetSchema(const flight::FlightDescriptor& descriptor, flight::SchemaResult& result);
  Status DoGet(grpc::ServerContext& call, const flight::Ticket& ticket, DataWriter& writer);
  Status DoPut(grpc::ServerContext& call, PutStream& stream);
  Status DoAction(const flight::Action& action, grpc::ServerWriter<flight::Result>& writer);
  Status ListActions(grpc::ServerWriter<flight::ActionType>& writer);

  // The schema of a command's answer, framed.
  Result<std::string> SchemaOf(const FlightCommand& command);
  Status SendAnswer(grpc::ServerContext& call, const FlightCommand& command,
                    const SendMessage& send);
  Status RunQuery(grpc::ServerContext& call, const StatementText& statement,
                  engine::QueryParameters parameters, const SendMessage& send);
  Result<flight_sql::ActionCreatePreparedStatementResult> Prepare(const std::string& sql);

  // Refuses who may not call; otherwise `body` answers.
  template <typename Body>
  grpc::Status Answer(const char* method, grpc::ServerContext& call, Body body);
  void Count(const char* method, MonotonicTime began, const grpc::Status& status);

  const FlightServiceOptions options_;
  const std::shared_ptr<Backend> backend_;
  const std::shared_ptr<ActiveQueries> active_queries_;
  const std::shared_ptr<QueryHistory> history_;
  const Clock& clock_;
  FlightAccess access_;
  PreparedStatements statements_;
  CallWatch watch_;
  std::atomic<int> handshakes_{0};
};

}  // namespace sumac::server
