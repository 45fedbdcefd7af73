#include "server/flight/outgoing_data.h"

#include <memory>
#include <string>
#include <vector>

#include <grpcpp/impl/codegen/slice.h>

namespace sumac::server {
namespace {

// A slice that is kept apart costs more than a copy of this many bytes.
constexpr size_t kCopiedBytesMax = 256;
// Keys of protobuf: number << 3 | 2, "length-delimited". data_header is 2, data_body is 1000.
constexpr uint64_t kHeaderKey = 2U << 3 | 2;
constexpr uint64_t kBodyKey = 1000U << 3 | 2;

void AppendVarint(uint64_t value, std::string& out) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

using Owner = std::shared_ptr<const void>;

void ReleaseOwner(void* owner) {
  delete static_cast<Owner*>(owner);
}

}  // namespace

grpc::Status SerializeData(const OutgoingData& data, grpc::ByteBuffer* out) {
  const engine::IpcMessage& message = data.message;
  std::vector<grpc::Slice> slices;
  std::string copied;
  AppendVarint(kHeaderKey, copied);
  AppendVarint(message.header.size(), copied);
  copied += message.header;
  if (!message.buffers.empty()) {
    AppendVarint(kBodyKey, copied);
    AppendVarint(message.body_bytes, copied);
  }
  for (const std::string_view buffer : message.buffers) {
    if (buffer.size() > kCopiedBytesMax) {
      slices.emplace_back(copied);
      copied.clear();
      // gRPC only reads it.
      slices.emplace_back(const_cast<char*>(buffer.data()), buffer.size(), ReleaseOwner,
                          new Owner(message.owner));
    } else {
      copied += buffer;
    }
    copied.append(engine::ArrowPaddingBytes(buffer.size()), '\0');
  }
  if (!copied.empty()) slices.emplace_back(copied);
  *out = grpc::ByteBuffer(slices.data(), slices.size());
  return grpc::Status::OK;
}

}  // namespace sumac::server
