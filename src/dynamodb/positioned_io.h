// All of a range of a file, whatever the system does in pieces. Internal to dynamodb/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sumac::dynamodb {

// These return errno, or 0. Thread-safe.
int WriteAt(int descriptor, uint64_t offset, std::string_view bytes);
// EIO when the file ends before.
int ReadAt(int descriptor, uint64_t offset, char* bytes, size_t size);

}  // namespace sumac::dynamodb
