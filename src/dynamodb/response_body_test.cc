#include "dynamodb/response_body.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace sumac::dynamodb {
namespace {

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  std::string input = text;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

net::HttpResponse Response(std::string body, std::string checksum) {
  net::HttpResponse response;
  response.status = 200;
  if (!checksum.empty()) response.headers = {{"X-Amz-Crc32", std::move(checksum)}};
  response.body = std::move(body);
  return response;
}

std::string Crc(const std::string& body) {
  return std::to_string(crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size()));
}

TEST(ResponseBodyTest, ChecksTheChecksum) {
  // The check value that the CRC-32 catalogues give for these nine digits.
  auto good = Response("123456789", "3421780262");
  EXPECT_TRUE(DecodeResponseBody(good));
  for (const std::string wrong : {"3421780263", "0", "x", "3421780262 ", "-1", "99999999999"}) {
    auto bad = Response("123456789", wrong);
    const auto status = DecodeResponseBody(bad);
    ASSERT_FALSE(status) << wrong;
    EXPECT_EQ(status.error().code, ErrorCode::kDataCorrupt);
    EXPECT_EQ(status.error().blame, Blame::kNetwork);
    EXPECT_TRUE(status.error().retryable);
  }
  auto without = Response("123456789", "");
  EXPECT_TRUE(DecodeResponseBody(without));
}

TEST(ResponseBodyTest, InflatesGzipAndChecksItsCompressedForm) {
  const std::string text(300'000, 'a');
  const std::string compressed = Gzip(text);
  auto response = Response(compressed, Crc(compressed));
  ASSERT_TRUE(DecodeResponseBody(response));
  EXPECT_EQ(response.body, text);
  EXPECT_GE(response.body.capacity(), response.body.size() + net::kBodyPaddingBytes);

  auto checksum_of_text = Response(compressed, Crc(text));
  EXPECT_FALSE(DecodeResponseBody(checksum_of_text));
}

TEST(ResponseBodyTest, RefusesBrokenGzip) {
  const std::string compressed = Gzip("some text that is compressed");
  for (size_t length = 3; length < compressed.size(); ++length) {
    auto cut = Response(compressed.substr(0, length), "");
    EXPECT_FALSE(DecodeResponseBody(cut)) << length;
  }
}

// A small answer must not fill the memory.
TEST(ResponseBodyTest, BoundsWhatItInflates) {
  auto fits = Response(Gzip(std::string(kInflatedBytesMax, ' ')), "");
  EXPECT_TRUE(DecodeResponseBody(fits));
  auto bomb = Response(Gzip(std::string(kInflatedBytesMax + 1, ' ')), "");
  EXPECT_FALSE(DecodeResponseBody(bomb));
}

TEST(ResponseBodyTest, TakesPlainBytesAsTheyAre) {
  for (const std::string body : {"", "{}", "\x1f", "\x1f\x8b"}) {
    auto response = Response(body, "");
    ASSERT_TRUE(DecodeResponseBody(response));
    EXPECT_EQ(response.body, body);
  }
}

}  // namespace
}  // namespace sumac::dynamodb
