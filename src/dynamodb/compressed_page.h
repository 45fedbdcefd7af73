// A page while it waits to be read a second time. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "dynamodb/client.h"

namespace sumac::dynamodb {

// What Page has but for its place in a scan; the body compressed (zstd).
struct CompressedPage {
  std::string body;
  uint64_t body_bytes = 0;  // decompressed
  uint64_t bytes_on_wire = 0;
  uint64_t count = 0;
  uint64_t scanned_count = 0;
  double consumed_read_units = 0;
};

// Error kInternal, when it cannot be compressed.
Result<CompressedPage> CompressPage(const Page& page);

// Error kInternal: the body is not what CompressPage has made.
Result<Page> RestorePage(const CompressedPage& page);

// The error for a page that was kept and is lost.
Error LostPage(const std::string& why);

}  // namespace sumac::dynamodb
