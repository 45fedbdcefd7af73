#include "dynamodb/response_body.h"

#include <charconv>

#include <zlib.h>

namespace sumac::dynamodb {
namespace {

tl::unexpected<Error> Corrupt(const char* message) {
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kNetwork;
  error.retryable = true;
  error.message = message;
  return Fail(std::move(error));
}

bool ChecksumMatches(std::string_view header, const std::string& body) {
  uint32_t expected = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), expected);
  if (error != std::errc() || end != header.data() + header.size()) return false;
  const auto actual = crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size());
  return static_cast<uint32_t>(actual) == expected;
}

bool IsGzip(const std::string& body) {
  return body.size() > 2 && body[0] == '\x1f' && body[1] == '\x8b';
}

// Empty when the bytes are no gzip stream, end early or grow beyond the bound.
std::string Inflate(const std::string& compressed) {
  constexpr int kGzipWindowBits = 15 + 16;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindowBits) != Z_OK) return "";
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string out(compressed.size() * 8 + 1024, '\0');
  int state = Z_OK;
  while (state == Z_OK) {
    if (stream.total_out == out.size()) {
      if (out.size() >= kInflatedBytesMax) break;
      out.resize(std::min(out.size() * 2, kInflatedBytesMax));
    }
    stream.next_out = reinterpret_cast<Bytef*>(out.data()) + stream.total_out;
    stream.avail_out = static_cast<uInt>(out.size() - stream.total_out);
    state = inflate(&stream, Z_NO_FLUSH);
  }
  out.resize(state == Z_STREAM_END ? stream.total_out : 0);
  inflateEnd(&stream);
  return out;
}

}  // namespace

Status DecodeResponseBody(net::HttpResponse& response) {
  const auto checksum = response.Header("x-amz-crc32");
  if (!checksum.empty() && !ChecksumMatches(checksum, response.body)) {
    return Corrupt("the answer does not match its checksum (x-amz-crc32)");
  }
  if (IsGzip(response.body)) {
    auto inflated = Inflate(response.body);
    if (inflated.empty()) return Corrupt("the answer is broken gzip");
    response.body = std::move(inflated);
    response.body.reserve(response.body.size() + net::kBodyPaddingBytes);
  }
  return {};
}

}  // namespace sumac::dynamodb
