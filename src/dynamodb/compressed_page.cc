#include "dynamodb/compressed_page.h"

#include <zstd.h>

namespace sumac::dynamodb {
namespace {

// The fastest: pages wait for as long as the table takes to read.
constexpr int kCompressionLevel = 1;

}  // namespace

Result<CompressedPage> CompressPage(const Page& page) {
  CompressedPage compressed;
  compressed.body_bytes = page.body.size();
  compressed.bytes_on_wire = page.bytes_on_wire;
  compressed.count = page.count;
  compressed.scanned_count = page.scanned_count;
  compressed.consumed_read_units = page.consumed_read_units;
  compressed.body.resize(ZSTD_compressBound(page.body.size()));
  const size_t size = ZSTD_compress(compressed.body.data(), compressed.body.size(),
                                    page.body.data(), page.body.size(), kCompressionLevel);
  if (ZSTD_isError(size) != 0) {
    return Fail(ErrorCode::kInternal,
                std::string("cannot compress a page: ") + ZSTD_getErrorName(size));
  }
  compressed.body.resize(size);
  return compressed;
}

Result<Page> RestorePage(const CompressedPage& compressed) {
  Page page;
  page.bytes_on_wire = compressed.bytes_on_wire;
  page.count = compressed.count;
  page.scanned_count = compressed.scanned_count;
  page.consumed_read_units = compressed.consumed_read_units;
  page.body.Resize(compressed.body_bytes);
  const size_t size = ZSTD_decompress(page.body.data(), page.body.size(), compressed.body.data(),
                                      compressed.body.size());
  if (ZSTD_isError(size) != 0) return Fail(LostPage(ZSTD_getErrorName(size)));
  if (size != compressed.body_bytes) return Fail(LostPage("it is shorter than it was"));
  return page;
}

Error LostPage(const std::string& why) {
  Error error;
  error.code = ErrorCode::kInternal;
  error.blame = Blame::kSumac;
  error.message = "a page of the table that was kept in a file cannot be read: " + why;
  return error;
}

}  // namespace sumac::dynamodb
