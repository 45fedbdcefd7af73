#include "server/flight/flight_service.h"

#include <list>
#include <mutex>

#include <fmt/format.h>

#include "engine/query_state.h"
#include "engine/results/arrow/arrow_parameters.h"
#include "server/flight/flight_status.h"
#include "server/flight/metadata.h"
#include "server/flight/sql_info.h"
#include "server/http/sql_request.h"
#include "server/observation/server_metrics.h"

namespace sumac::server {
namespace {

constexpr char kCreateAction[] = "CreatePreparedStatement";
constexpr char kCloseAction[] = "ClosePreparedStatement";

std::string_view MetadataOf(const grpc::ServerContext& call, const char* name) {
  const auto found = call.client_metadata().find(name);
  if (found == call.client_metadata().end()) return {};
  return {found->second.data(), found->second.size()};
}

// Ends a call whose client is late with what it has to say. Reading waits without end.
class ReadLimit {
 public:
  ReadLimit(CallWatch& watch, const Clock& clock, grpc::ServerContext& call,
            std::chrono::milliseconds timeout)
      : watched_(watch, {[&clock, until = clock.MonotonicNow() + timeout] {
                           return clock.MonotonicNow() > until;
                         },
                         [&call] { call.TryCancel(); }}) {}

 private:
  const CallWatch::Watched watched_;
};

std::string Framed(const engine::IpcMessage& message) {
  std::string bytes;
  engine::AppendIpcMessage(message, bytes);
  return bytes;
}

std::string SchemaOfColumns(const std::vector<engine::ResultColumn>& columns) {
  return Framed(engine::MakeSchemaMessage(engine::ArrowColumnsOf(columns)));
}

// As clients name the columns of a row of parameters.
std::string SchemaOfParameters(const std::vector<engine::StatementShape::Parameter>& parameters) {
  std::vector<engine::ResultColumn> columns;
  for (const auto& [name, type] : parameters) {
    const bool numbered = name.find_first_not_of("0123456789") == std::string::npos;
    columns.push_back({numbered ? "$" + name : name, type});
  }
  return SchemaOfColumns(columns);
}

Result<FlightCommand> CommandOf(const flight::FlightDescriptor& descriptor) {
  if (descriptor.type() != flight::FlightDescriptor::CMD) {
    return Fail(ErrorCode::kInvalidArgument,
                "The descriptor is no command. Ask with SQL, or a command of Flight SQL.");
  }
  return ParseFlightCommand(descriptor.cmd());
}

}  // namespace

FlightService::FlightService(FlightServiceOptions options, std::shared_ptr<Backend> backend,
                             std::shared_ptr<ActiveQueries> active_queries,
                             std::shared_ptr<QueryHistory> history,
                             std::shared_ptr<const CurrentApiKeys> api_keys, const Clock& clock)
    : options_(options),
      backend_(std::move(backend)),
      active_queries_(std::move(active_queries)),
      history_(std::move(history)),
      clock_(clock),
      access_(std::move(api_keys), clock),
      statements_(clock) {
  AddMethods();
}

template <typename Body>
grpc::Status FlightService::Answer(const char* method, grpc::ServerContext& call, Body body) {
  const auto began = clock_.MonotonicNow();
  grpc::Status answered;
  try {
    const auto access =
        access_.Check(MetadataOf(call, "authorization"), MetadataOf(call, "x-api-key"));
    if (!access) {
      answered = {grpc::StatusCode::UNAUTHENTICATED, access.error().message};
    } else if (const Status status = body(); !status) {
      answered = FlightStatusOf(status.error());
    }
  } catch (const duckdb::Exception& exception) {
    // Values of a client that DuckDB cannot hold; what a query throws is a Status by now.
    answered = {grpc::StatusCode::INVALID_ARGUMENT,
                engine::OneLine(duckdb::ErrorData(exception).RawMessage())};
  } catch (const std::exception& exception) {
    answered = {grpc::StatusCode::INTERNAL, std::string("The call failed: ") + exception.what()};
  }
  Count(method, began, answered);
  return answered;
}

void FlightService::Count(const char* method, MonotonicTime began, const grpc::Status& status) {
  if (options_.metrics == nullptr) return;
  const double took_ms =
      std::chrono::duration<double, std::milli>(clock_.MonotonicNow() - began).count();
  const std::string name(FlightStatusName(status.error_code()));
  options_.metrics->Add(kFlightRequests, {method, name});
  options_.metrics->Observe(kFlightRequestDuration, {method, name}, took_ms);
}

void FlightService::AddMethods() {
  using grpc::internal::RpcMethod;
  const auto add = [this](const char* name, RpcMethod::RpcType type,
                          grpc::internal::MethodHandler* handler) {
    const std::string path = std::string("/arrow.flight.protocol.FlightService/") + name;
    // gRPC keeps the pointer to the name.
    static std::list<std::string> paths;
    static std::mutex mutex;
    std::lock_guard lock(mutex);
    AddMethod(
        new grpc::internal::RpcServiceMethod(paths.emplace_back(path).c_str(), type, handler));
  };
  using grpc::ServerContext;
  add("Handshake", RpcMethod::BIDI_STREAMING,
      new grpc::internal::BidiStreamingHandler<FlightService, flight::HandshakeRequest,
                                               flight::HandshakeResponse>(
          [](FlightService* service, ServerContext* call, HandshakeStream* stream) {
            return service->Handshake(*call, *stream);
          },
          this));
  add("GetFlightInfo", RpcMethod::NORMAL_RPC,
      new grpc::internal::RpcMethodHandler<FlightService, flight::FlightDescriptor,
                                           flight::FlightInfo, google::protobuf::MessageLite,
                                           google::protobuf::MessageLite>(
          [](FlightService* service, ServerContext* call,
             const flight::FlightDescriptor* descriptor, flight::FlightInfo* info) {
            return service->Answer("GetFlightInfo", *call,
                                   [&] { return service->GetFlightInfo(*descriptor, *info); });
          },
          this));
  add("GetSchema", RpcMethod::NORMAL_RPC,
      new grpc::internal::RpcMethodHandler<FlightService, flight::FlightDescriptor,
                                           flight::SchemaResult, google::protobuf::MessageLite,
                                           google::protobuf::MessageLite>(
          [](FlightService* service, ServerContext* call,
             const flight::FlightDescriptor* descriptor, flight::SchemaResult* result) {
            return service->Answer("GetSchema", *call,
                                   [&] { return service->GetSchema(*descriptor, *result); });
          },
          this));
  add("DoGet", RpcMethod::SERVER_STREAMING,
      new grpc::internal::ServerStreamingHandler<FlightService, flight::Ticket, OutgoingData>(
          [](FlightService* service, ServerContext* call, const flight::Ticket* ticket,
             DataWriter* writer) {
            return service->Answer("DoGet", *call,
                                   [&] { return service->DoGet(*call, *ticket, *writer); });
          },
          this));
  add("DoPut", RpcMethod::BIDI_STREAMING,
      new grpc::internal::BidiStreamingHandler<FlightService, flight::FlightData,
                                               flight::PutResult>(
          [](FlightService* service, ServerContext* call, PutStream* stream) {
            return service->Answer("DoPut", *call, [&] { return service->DoPut(*call, *stream); });
          },
          this));
  add("DoAction", RpcMethod::SERVER_STREAMING,
      new grpc::internal::ServerStreamingHandler<FlightService, flight::Action, flight::Result>(
          [](FlightService* service, ServerContext* call, const flight::Action* action,
             grpc::ServerWriter<flight::Result>* writer) {
            return service->Answer("DoAction", *call,
                                   [&] { return service->DoAction(*action, *writer); });
          },
          this));
  add("ListActions", RpcMethod::SERVER_STREAMING,
      new grpc::internal::ServerStreamingHandler<FlightService, flight::Empty, flight::ActionType>(
          [](FlightService* service, ServerContext* call, const flight::Empty*,
             grpc::ServerWriter<flight::ActionType>* writer) {
            return service->Answer("ListActions", *call,
                                   [&] { return service->ListActions(*writer); });
          },
          this));
}

grpc::Status FlightService::Handshake(grpc::ServerContext& call, HandshakeStream& stream) {
  const auto began = clock_.MonotonicNow();
  grpc::Status greeted = Greet(call, stream);
  Count("Handshake", began, greeted);
  return greeted;
}

grpc::Status FlightService::Greet(grpc::ServerContext& call, HandshakeStream& stream) {
  // Who calls has shown no key yet, so calls that say nothing are few and end soon.
  const ReadLimit limit(watch_, clock_, call, options_.read_timeout);
  if (handshakes_.fetch_add(1) >= options_.handshakes_max) {
    handshakes_.fetch_sub(1);
    return {grpc::StatusCode::RESOURCE_EXHAUSTED, "Too many handshakes are under way. Try again."};
  }
  const std::shared_ptr<void> under_way(nullptr, [this](void*) { handshakes_.fetch_sub(1); });
  // Some clients wait for the answer before they end their side, so one message is all that is
  // waited for.
  flight::HandshakeRequest request;
  if (!stream.Read(&request)) request.Clear();
  flight::BasicAuth basic;
  if (!basic.ParseFromString(request.payload())) basic.Clear();
  const auto token = access_.Begin(MetadataOf(call, "authorization"), basic.password());
  if (!token) return {grpc::StatusCode::UNAUTHENTICATED, token.error().message};
  call.AddInitialMetadata("authorization", "Bearer " + *token);
  flight::HandshakeResponse response;
  response.set_protocol_version(request.protocol_version());
  response.set_payload(*token);
  stream.Write(response);
  return grpc::Status::OK;
}

Result<std::string> FlightService::SchemaOf(const FlightCommand& command) {
  if (std::holds_alternative<flight_sql::CommandGetSqlInfo>(command)) {
    return Framed(engine::MakeInfoSchema());
  }
  if (IsMetadataCommand(command)) {
    return Framed(engine::MakeSchemaMessage(MetadataColumns(command)));
  }
  std::string sql;
  engine::QueryParameters values;
  if (const auto* text = std::get_if<StatementText>(&command)) {
    sql = text->sql;
  } else {
    const auto& prepared = std::get<flight_sql::CommandPreparedStatementQuery>(command);
    SUMAC_ASSIGN_OR_RETURN(auto statement, statements_.Find(prepared.prepared_statement_handle()));
    sql = std::move(statement.sql);
    values = std::move(statement.values);
  }
  SUMAC_ASSIGN_OR_RETURN(const auto shape, backend_->Connect()->Describe(sql, values));
  return SchemaOfColumns(shape.columns);
}

Status FlightService::GetFlightInfo(const flight::FlightDescriptor& descriptor,
                                    flight::FlightInfo& info) {
  SUMAC_ASSIGN_OR_RETURN(const auto command, CommandOf(descriptor));
  SUMAC_ASSIGN_OR_RETURN(*info.mutable_schema(), SchemaOf(command));
  *info.mutable_flight_descriptor() = descriptor;
  // The ticket is the question itself: nothing is kept for clients that never fetch.
  info.add_endpoint()->mutable_ticket()->set_ticket(descriptor.cmd());
  info.set_total_records(-1);
  info.set_total_bytes(-1);
  return {};
}

Status FlightService::GetSchema(const flight::FlightDescriptor& descriptor,
                                flight::SchemaResult& result) {
  SUMAC_ASSIGN_OR_RETURN(const auto command, CommandOf(descriptor));
  SUMAC_ASSIGN_OR_RETURN(*result.mutable_schema(), SchemaOf(command));
  return {};
}

Status FlightService::DoGet(grpc::ServerContext& call, const flight::Ticket& ticket,
                            DataWriter& writer) {
  SUMAC_ASSIGN_OR_RETURN(const auto command, ParseFlightCommand(ticket.ticket()));
  return SendAnswer(call, command, [&writer](engine::IpcMessage message) {
    return writer.Write(OutgoingData{std::move(message)});
  });
}

Status FlightService::SendAnswer(grpc::ServerContext& call, const FlightCommand& command,
                                 const SendMessage& send) {
  if (const auto* text = std::get_if<StatementText>(&command))
    return RunQuery(call, *text, {}, send);
  if (const auto* prepared = std::get_if<flight_sql::CommandPreparedStatementQuery>(&command)) {
    SUMAC_ASSIGN_OR_RETURN(auto statement, statements_.Find(prepared->prepared_statement_handle()));
    return RunQuery(call, {std::move(statement.sql), "flightsql"}, std::move(statement.values),
                    send);
  }
  if (const auto* asked = std::get_if<flight_sql::CommandGetSqlInfo>(&command)) {
    if (!send(engine::MakeInfoSchema()) || !send(engine::MakeInfoBatch(SqlInfosOf(*asked)))) {
      return Fail(CancelledError());
    }
    return {};
  }
  SUMAC_ASSIGN_OR_RETURN(const auto rows, AnswerMetadata(command, *backend_));
  return SendRows(MetadataColumns(command), rows, options_.batch_limits, send);
}

Status FlightService::RunQuery(grpc::ServerContext& call, const StatementText& statement,
                               engine::QueryParameters parameters, const SendMessage& send) {
  SUMAC_ASSIGN_OR_RETURN(const auto timeout,
                         ParseQueryTimeout(MetadataOf(call, "sumac-query-timeout")));
  auto request =
      MakeRequestContext(MetadataOf(call, "x-request-id"), MetadataOf(call, "traceparent"));
  call.AddInitialMetadata("x-request-id", request.request_id);
  if (const auto parent = request.Traceparent(); !parent.empty()) {
    call.AddInitialMetadata("traceparent", parent);
  }
  const FlightQueryContext context{*backend_,
                                   clock_,
                                   watch_,
                                   *active_queries_,
                                   *history_,
                                   options_.query_limits,
                                   options_.batch_limits};
  const FlightQueryCall asking{[&call] { return call.IsCancelled(); },
                               [&call] { call.TryCancel(); }, send};
  FlightQueryReport report;
  Status status = RunFlightQuery(
      context, {statement, std::move(parameters), timeout, std::move(request)}, asking, report);
  call.AddTrailingMetadata("sumac-consumed-rcu", fmt::format("{}", report.consumed_read_units));
  if (!report.warnings.empty()) {
    call.AddTrailingMetadata("sumac-warnings", fmt::format("{}", report.warnings.size()));
  }
  return status;
}

Status FlightService::DoPut(grpc::ServerContext& call, PutStream& stream) {
  const ReadLimit limit(watch_, clock_, call, options_.read_timeout);
  flight::FlightData data;
  if (!stream.Read(&data)) return Fail(ErrorCode::kInvalidArgument, "Nothing was put.");
  SUMAC_ASSIGN_OR_RETURN(const auto command, CommandOf(data.flight_descriptor()));
  const auto* prepared = std::get_if<flight_sql::CommandPreparedStatementQuery>(&command);
  if (prepared == nullptr) {
    return Fail(ErrorCode::kUnsupported,
                "Only the parameters of a prepared statement can be put: Sumac does not write to "
                "its datasets.");
  }
  const std::string& handle = prepared->prepared_statement_handle();
  SUMAC_ASSIGN_OR_RETURN(const auto statement, statements_.Find(handle));
  engine::ArrowParameterReader reader;
  uint64_t received = 0;
  do {
    received += data.data_header().size() + data.data_body().size();
    if (received > options_.parameter_bytes_max) {
      return Fail(
          ErrorCode::kResourceExhausted,
          fmt::format("The parameters have more than {} bytes.", options_.parameter_bytes_max));
    }
    if (data.data_header().empty()) continue;
    SUMAC_RETURN_IF_ERROR(reader.Read(data.data_header(), data.data_body()));
  } while (stream.Read(&data));
  auto row = reader.Take();
  SUMAC_ASSIGN_OR_RETURN(auto values, MatchParameters(statement, row.names, std::move(row.values)));
  SUMAC_RETURN_IF_ERROR(statements_.Bind(handle, std::move(values), received));
  flight_sql::DoPutPreparedStatementResult bound;
  bound.set_prepared_statement_handle(handle);
  flight::PutResult result;
  result.set_app_metadata(bound.SerializeAsString());
  stream.Write(result);
  return {};
}

Result<flight_sql::ActionCreatePreparedStatementResult> FlightService::Prepare(
    const std::string& sql) {
  // The same text is refused here and as a query.
  SUMAC_ASSIGN_OR_RETURN(const auto command, ParseFlightCommand(sql));
  const auto* text = std::get_if<StatementText>(&command);
  if (text == nullptr) return Fail(ErrorCode::kInvalidArgument, "The statement is no SQL.");
  SUMAC_ASSIGN_OR_RETURN(auto shape, backend_->Connect()->Describe(sql));
  flight_sql::ActionCreatePreparedStatementResult result;
  result.set_dataset_schema(SchemaOfColumns(shape.columns));
  result.set_parameter_schema(SchemaOfParameters(shape.parameters));
  result.set_prepared_statement_handle(statements_.Add({sql, std::move(shape.parameters), {}}));
  return result;
}

Status FlightService::DoAction(const flight::Action& action,
                               grpc::ServerWriter<flight::Result>& writer) {
  if (action.type() == kCreateAction) {
    SUMAC_ASSIGN_OR_RETURN(
        const auto request,
        UnpackMessage<flight_sql::ActionCreatePreparedStatementRequest>(action.body()));
    if (!request.transaction_id().empty()) {
      return Fail(ErrorCode::kUnsupported, "Sumac has no transactions.");
    }
    SUMAC_ASSIGN_OR_RETURN(const auto prepared, Prepare(request.query()));
    flight::Result result;
    result.set_body(PackMessage(prepared));
    writer.Write(result);
    return {};
  }
  if (action.type() == kCloseAction) {
    SUMAC_ASSIGN_OR_RETURN(
        const auto request,
        UnpackMessage<flight_sql::ActionClosePreparedStatementRequest>(action.body()));
    statements_.Close(request.prepared_statement_handle());
    return {};
  }
  return Fail(ErrorCode::kUnsupported,
              fmt::format("There is no action '{}'; there are {} and {}.",
                          action.type().substr(0, 60), kCreateAction, kCloseAction));
}

Status FlightService::ListActions(grpc::ServerWriter<flight::ActionType>& writer) {
  const auto list = [&writer](const char* type, const char* description) {
    flight::ActionType action;
    action.set_type(type);
    action.set_description(description);
    writer.Write(action);
  };
  list(kCreateAction, "Prepares a statement. Takes ActionCreatePreparedStatementRequest.");
  list(kCloseAction, "Forgets a prepared statement. Takes ActionClosePreparedStatementRequest.");
  return {};
}

}  // namespace sumac::server
