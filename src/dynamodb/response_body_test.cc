#include "dynamodb/response_body.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

namespace sumac::dynamodb {
namespace {

std::string Gzip(const std::string& text) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(1);
  std::string out(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

net::HttpResponse Response(const std::string& body, std::string checksum) {
  net::HttpResponse response;
  response.status = 200;
  if (!checksum.empty()) response.headers = {{"X-Amz-Crc32", std::move(checksum)}};
  response.body = body;
  return response;
}

std::string Crc(const std::string& body) {
  return std::to_string(libdeflate_crc32(0, body.data(), body.size()));
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

TEST(ResponseBodyTest, RefusesWhatSaysAWrongLength) {
  const std::string compressed = Gzip(std::string(1'000, 'a'));
  for (const uint32_t claim : {0U, 1U, 999U, 1'001U, 1U << 20, (64U << 20) + 1, 0xffffffffU}) {
    std::string lying = compressed;
    for (int i = 0; i < 4; ++i) lying[lying.size() - 4 + i] = static_cast<char>(claim >> (8 * i));
    auto response = Response(lying, "");
    EXPECT_FALSE(DecodeResponseBody(response)) << claim;
  }
  auto followed = Response(compressed + "x", "");
  EXPECT_FALSE(DecodeResponseBody(followed));
  auto twice = Response(compressed + compressed, "");
  EXPECT_FALSE(DecodeResponseBody(twice));
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
