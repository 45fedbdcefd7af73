// One message of Arrow's IPC format: the metadata of a schema or of a record batch, and the buffers
// that follow it. A batch's buffers are not copied until they are written somewhere.
// https://arrow.apache.org/docs/format/Columnar.html
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sumac::engine {

// Buffers begin at multiples of this within a body.
inline constexpr size_t kArrowAlignmentBytes = 8;

constexpr size_t ArrowPaddingBytes(size_t size) {
  return (kArrowAlignmentBytes - size % kArrowAlignmentBytes) % kArrowAlignmentBytes;
}

struct IpcMessage {
  // The metadata, without framing, padded to the alignment.
  std::string header;
  // In the order in which they stand in the body, each followed by its padding.
  std::vector<std::string_view> buffers;
  // Of all buffers with their padding.
  uint64_t body_bytes = 0;
  uint64_t rows = 0;
  // What the buffers point at.
  std::shared_ptr<const void> owner;
};

// Appends the message as the stream format has it: a continuation mark, the length of the metadata,
// the metadata, the body. Flight wants a schema so, too, where it is not sent as data.
void AppendIpcMessage(const IpcMessage& message, std::string& out);

// What a stream ends with.
inline constexpr std::string_view kIpcEndOfStream("\xff\xff\xff\xff\0\0\0\0", 8);

// The metadata of a record batch of `rows` rows, from its parts: a node per column, children after
// their parents, and the sizes of the buffers.
struct IpcNode {
  int64_t length = 0;
  int64_t null_count = 0;
};
IpcMessage MakeBatchMessage(uint64_t rows, const std::vector<IpcNode>& nodes,
                            std::vector<std::string_view> buffers,
                            std::shared_ptr<const void> owner);

}  // namespace sumac::engine
