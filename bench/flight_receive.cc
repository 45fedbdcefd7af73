// Receives the answer to a query over Arrow Flight on one stream, and throws it away: what the
// server can send, without what a client makes of it.
// Usage: flight_receive HOST:PORT SQL
// Prints {"bytes": ..., "seconds": ..., "messages": ...}.
#include <chrono>
#include <cstdio>
#include <string>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/sync_stream.h>

#include "flight.pb.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: flight_receive HOST:PORT SQL\n", stderr);
    return 2;
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  const auto channel =
      grpc::CreateCustomChannel(argv[1], grpc::InsecureChannelCredentials(), arguments);
  channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
  arrow::flight::protocol::Ticket ticket;
  ticket.set_ticket(argv[2]);
  const grpc::internal::RpcMethod method("/arrow.flight.protocol.FlightService/DoGet",
                                         grpc::internal::RpcMethod::SERVER_STREAMING, channel);
  grpc::ClientContext call;
  const auto started = std::chrono::steady_clock::now();
  const std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader(
      grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(channel.get(), method, &call,
                                                                    ticket));
  grpc::ByteBuffer message;
  size_t bytes = 0;
  size_t messages = 0;
  while (reader->Read(&message)) {
    bytes += message.Length();
    ++messages;
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) {
    std::fprintf(stderr, "flight_receive: %s\n", status.error_message().c_str());
    return 1;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  std::printf("{\"bytes\": %zu, \"seconds\": %.6f, \"messages\": %zu}\n", bytes, seconds.count(),
              messages);
  return 0;
}
