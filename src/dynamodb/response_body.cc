#include "dynamodb/response_body.h"

#include <charconv>
#include <memory>

#include <libdeflate.h>

namespace sumac::dynamodb {
namespace {

// The shortest gzip stream: ten bytes of head, two of deflate, eight of tail.
constexpr size_t kGzipBytesMin = 20;
// Deflate makes at most 258 bytes out of two bits.
constexpr size_t kInflationMax = 258 * 8 / 2;

tl::unexpected<Error> Corrupt(const char* message) {
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kNetwork;
  error.retryable = true;
  error.message = message;
  return Fail(std::move(error));
}

bool ChecksumMatches(std::string_view header, std::string_view body) {
  uint32_t expected = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), expected);
  if (error != std::errc() || end != header.data() + header.size()) return false;
  return libdeflate_crc32(0, body.data(), body.size()) == expected;
}

bool IsGzip(std::string_view body) {
  return body.size() > 2 && body[0] == '\x1f' && body[1] == '\x8b';
}

// The length that the stream's tail gives for what it holds.
size_t ClaimedLength(std::string_view compressed) {
  size_t length = 0;
  for (int i = 1; i <= 4; ++i) {
    length = length << 8 | static_cast<unsigned char>(compressed[compressed.size() - i]);
  }
  return length;
}

// Inflates in memory of the same pool. False when the bytes are no gzip stream, end early, or hold
// more than the bound or than they say.
bool Inflate(net::BodyBuffer& body) {
  const std::string_view compressed = body;
  if (compressed.size() < kGzipBytesMin) return false;
  // libdeflate wants all of the room at once, so the claim has to be one that can be true.
  const size_t length = ClaimedLength(compressed);
  if (length > kInflatedBytesMax || length / kInflationMax > compressed.size()) return false;
  // It takes 11 KB to set up; the transport's thread does this again and again.
  thread_local const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!decompressor) return false;
  net::BodyBuffer inflated = body.Another(length);
  inflated.Resize(length);
  size_t read_bytes = 0;
  size_t written_bytes = 0;
  const auto outcome =
      libdeflate_gzip_decompress_ex(decompressor.get(), compressed.data(), compressed.size(),
                                    inflated.data(), length, &read_bytes, &written_bytes);
  if (outcome != LIBDEFLATE_SUCCESS || read_bytes != compressed.size() || written_bytes != length) {
    return false;
  }
  body = std::move(inflated);
  return true;
}

}  // namespace

Status DecodeResponseBody(net::HttpResponse& response) {
  const auto checksum = response.Header("x-amz-crc32");
  if (!checksum.empty() && !ChecksumMatches(checksum, response.body)) {
    return Corrupt("the answer does not match its checksum (x-amz-crc32)");
  }
  if (IsGzip(response.body) && !Inflate(response.body)) {
    return Corrupt("the answer is broken gzip");
  }
  return {};
}

}  // namespace sumac::dynamodb
