#include "dynamodb/positioned_io.h"

#include <cerrno>

#include <unistd.h>

namespace sumac::dynamodb {

int WriteAt(int descriptor, uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return 0;
}

int ReadAt(int descriptor, uint64_t offset, char* bytes, size_t size) {
  size_t done = 0;
  while (done < size) {
    const auto read = pread(descriptor, bytes + done, size - done, static_cast<off_t>(offset));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return errno;
    if (read == 0) return EIO;
    done += static_cast<size_t>(read);
    offset += static_cast<uint64_t>(read);
  }
  return 0;
}

}  // namespace sumac::dynamodb
