// Feeds any bytes to the two readers of what stands around a page's items: whenever the body is
// well-formed, they must find the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "dynamodb/page_envelope_twin.h"

namespace {

// A longer array after the items may be taken for them, and whoever reads them finds out.
constexpr size_t kBytesMax = 1'000;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > kBytesMax) return -1;
  const std::string body(reinterpret_cast<const char*>(data), size);
  if (const auto difference = sumac::dynamodb::EnvelopeDifference(body)) {
    std::fprintf(stderr, "%s\n", difference->c_str());
    std::abort();
  }
  return 0;
}
