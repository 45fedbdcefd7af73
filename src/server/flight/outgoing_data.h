// FlightData as it is sent: an Arrow message whose buffers go to the network without being copied.
#pragma once

#include <grpcpp/impl/codegen/byte_buffer.h>
#include <grpcpp/impl/codegen/serialization_traits.h>
#include <grpcpp/impl/codegen/status.h>

#include "engine/results/arrow/ipc_message.h"

namespace sumac::server {

struct OutgoingData {
  engine::IpcMessage message;
};

// The bytes of FlightData (flight.proto): the header and the body, written by hand because a body
// is many buffers. They keep the message's owner alive until gRPC has sent them.
grpc::Status SerializeData(const OutgoingData& data, grpc::ByteBuffer* out);

}  // namespace sumac::server

template <>
class grpc::SerializationTraits<sumac::server::OutgoingData, void> {
 public:
  // gRPC asks for these names.
  // NOLINTBEGIN(readability-identifier-naming)
  static Status Serialize(const sumac::server::OutgoingData& data, ByteBuffer* buffer,
                          bool* own_buffer) {
    *own_buffer = true;
    return sumac::server::SerializeData(data, buffer);
  }
  static Status Deserialize(ByteBuffer*, sumac::server::OutgoingData*) {
    return {StatusCode::INTERNAL, "is only sent"};
  }
  // NOLINTEND(readability-identifier-naming)
};
