#include "engine/results/arrow/ipc_message.h"

#include <bit>

#include "arrow_format_generated.h"
#include "engine/results/arrow/ipc_header.h"

namespace sumac::engine {
namespace {

namespace format = arrow_format;

// The buffers are as the machine has them, and the format's readers take them as little-endian.
static_assert(std::endian::native == std::endian::little);

void AppendLittleEndian(uint32_t value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

void AppendIpcMessage(const IpcMessage& message, std::string& out) {
  constexpr std::string_view kPadding("\0\0\0\0\0\0\0", 7);
  out.reserve(out.size() + 8 + message.header.size() + message.body_bytes);
  AppendLittleEndian(0xffffffff, out);
  AppendLittleEndian(static_cast<uint32_t>(message.header.size()), out);
  out += message.header;
  for (const std::string_view buffer : message.buffers) {
    out += buffer;
    out += kPadding.substr(0, ArrowPaddingBytes(buffer.size()));
  }
}

IpcMessage MakeBatchMessage(uint64_t rows, const std::vector<IpcNode>& nodes,
                            std::vector<std::string_view> buffers,
                            std::shared_ptr<const void> owner) {
  IpcMessage message;
  message.rows = rows;
  std::vector<format::FieldNode> field_nodes;
  field_nodes.reserve(nodes.size());
  for (const IpcNode& node : nodes) field_nodes.emplace_back(node.length, node.null_count);
  std::vector<format::Buffer> places;
  places.reserve(buffers.size());
  for (const std::string_view buffer : buffers) {
    places.emplace_back(static_cast<int64_t>(message.body_bytes),
                        static_cast<int64_t>(buffer.size()));
    message.body_bytes += buffer.size() + ArrowPaddingBytes(buffer.size());
  }
  flatbuffers::FlatBufferBuilder builder;
  const auto batch = format::CreateRecordBatch(builder, static_cast<int64_t>(rows),
                                               builder.CreateVectorOfStructs(field_nodes),
                                               builder.CreateVectorOfStructs(places));
  message.header = FinishIpcHeader(builder, format::MessageHeader_RecordBatch, batch.Union(),
                                   message.body_bytes);
  message.buffers = std::move(buffers);
  message.owner = std::move(owner);
  return message;
}

std::string FinishIpcHeader(flatbuffers::FlatBufferBuilder& builder, format::MessageHeader kind,
                            flatbuffers::Offset<void> header, uint64_t body_bytes) {
  constexpr int16_t kVersion5 = 4;
  builder.Finish(
      format::CreateMessage(builder, kVersion5, kind, header, static_cast<int64_t>(body_bytes)));
  std::string bytes(reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize());
  bytes.append(ArrowPaddingBytes(bytes.size()), '\0');
  return bytes;
}

}  // namespace sumac::engine
