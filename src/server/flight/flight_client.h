// For tests: calls of a Flight server, as a generated client makes them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/any.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/sync_stream.h>

#include "flight.pb.h"

namespace sumac::server {

class FlightClient {
 public:
  using RpcMethod = grpc::internal::RpcMethod;

  explicit FlightClient(const std::string& address)
      : channel_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {}

  grpc::Status GetFlightInfo(const std::string& command,
                             arrow::flight::protocol::FlightInfo& info) {
    arrow::flight::protocol::FlightDescriptor descriptor;
    descriptor.set_type(arrow::flight::protocol::FlightDescriptor::CMD);
    descriptor.set_cmd(command);
    return Unary("GetFlightInfo", descriptor, info);
  }

  template <typename Request, typename Response>
  grpc::Status Unary(const char* name, const Request& request, Response& response) {
    grpc::ClientContext call;
    Prepare(call);
    const std::string path = kPrefix + std::string(name);
    return grpc::internal::BlockingUnaryCall<Request, Response, google::protobuf::MessageLite,
                                             google::protobuf::MessageLite>(
        channel_.get(), RpcMethod(path.c_str(), RpcMethod::NORMAL_RPC, channel_), &call, request,
        &response);
  }

  // All messages that the server streams.
  template <typename Response, typename Request>
  grpc::Status Stream(const char* name, const Request& request, std::vector<Response>& responses,
                      size_t cancel_after = SIZE_MAX) {
    grpc::ClientContext call;
    Prepare(call);
    const std::string path = kPrefix + std::string(name);
    const std::unique_ptr<grpc::ClientReader<Response>> reader(
        grpc::internal::ClientReaderFactory<Response>::Create(
            channel_.get(), RpcMethod(path.c_str(), RpcMethod::SERVER_STREAMING, channel_), &call,
            request));
    Response response;
    while (reader->Read(&response)) {
      responses.push_back(response);
      if (responses.size() == cancel_after) call.TryCancel();
      if (on_response) on_response();
    }
    const auto status = reader->Finish();
    initial = TextOf(call.GetServerInitialMetadata());
    trailing = TextOf(call.GetServerTrailingMetadata());
    return status;
  }

  grpc::Status DoGet(const std::string& ticket,
                     std::vector<arrow::flight::protocol::FlightData>& data,
                     size_t cancel_after = SIZE_MAX) {
    arrow::flight::protocol::Ticket request;
    request.set_ticket(ticket);
    return Stream("DoGet", request, data, cancel_after);
  }

  grpc::Status DoPut(const std::vector<arrow::flight::protocol::FlightData>& messages,
                     std::vector<arrow::flight::protocol::PutResult>& results) {
    return Exchange("DoPut", messages, results, true);
  }

  // `ends`: the client says that it sends no more before it reads.
  template <typename Request, typename Response>
  grpc::Status Exchange(const char* name, const std::vector<Request>& requests,
                        std::vector<Response>& responses, bool ends) {
    grpc::ClientContext call;
    Prepare(call);
    const std::string path = kPrefix + std::string(name);
    const std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream(
        grpc::internal::ClientReaderWriterFactory<Request, Response>::Create(
            channel_.get(), RpcMethod(path.c_str(), RpcMethod::BIDI_STREAMING, channel_), &call));
    for (const auto& request : requests) stream->Write(request);
    if (ends) stream->WritesDone();
    Response response;
    while (stream->Read(&response)) responses.push_back(response);
    const auto status = stream->Finish();
    initial = TextOf(call.GetServerInitialMetadata());
    return status;
  }

  // Sent with each call.
  std::map<std::string, std::string> metadata;
  // Called between the messages of a stream.
  std::function<void()> on_response;
  // Of the last call that has such.
  std::map<std::string, std::string> initial;
  std::map<std::string, std::string> trailing;

 private:
  static constexpr char kPrefix[] = "/arrow.flight.protocol.FlightService/";

  static std::map<std::string, std::string> TextOf(
      const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
    std::map<std::string, std::string> text;
    for (const auto& [key, value] : metadata) {
      text.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
    }
    return text;
  }

  void Prepare(grpc::ClientContext& call) const {
    for (const auto& [name, value] : metadata) call.AddMetadata(name, value);
    call.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  }

  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace sumac::server
