// Feeds any bytes to the page decoder and to its slow twin (test/support/slow_decoder): cells,
// misfits and both virtual columns must be the same, under the page's own schema and under others.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "items/page_summary.h"
#include "net/transport.h"
#include "slow_decoder/decoder_twin.h"

namespace {

constexpr int kForeignSchemas = 2;
constexpr uint64_t kSeed = 1;

// For pages that give themselves no schema.
sumac::items::TypeSummary SomeNames() {
  std::string page =
      R"({"Items":[{"a":{"N":"1"},"b":{"M":{"c":{"L":[{"S":"x"}]}}},"v":{"L":[{"M":{"d":{"S":"x"}}}]},
      "id":{"S":"x"},"s":{"S":"x"},"n":{"N":"1"}}]})";
  page.reserve(page.size() + sumac::net::kBodyPaddingBytes);
  sumac::items::TypeSummary names;
  if (!sumac::items::SummarizePage(page, {}, names)) std::abort();
  return names;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto names = SomeNames();
  sumac::slow_decoder::TwinCounts counts;
  const auto difference = sumac::slow_decoder::CompareUnderSchemas(
      std::string(reinterpret_cast<const char*>(data), size), names, kForeignSchemas, kSeed,
      counts);
  if (difference) {
    std::fprintf(stderr, "%s\n", difference->c_str());
    std::abort();
  }
  return 0;
}
