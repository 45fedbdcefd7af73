#include "fake_dynamodb/rendered_page.h"

#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace sumac::fake_dynamodb {
namespace {

constexpr int kRawWindow = -15;
constexpr int kGzipWindow = 15 + 16;

std::string Deflate(std::string_view text, int window_bits, int flush) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  // A flush needs some bytes more than the bound says.
  std::string compressed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  deflate(&stream, flush);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

void AppendLittleEndian(uint32_t value, int bytes, std::string& target) {
  for (int i = 0; i < bytes; ++i) target += static_cast<char>(value >> (8 * i) & 0xff);
}

// A block that is not compressed (RFC 1951, 3.2.4), at a byte boundary.
std::string StoredBlock(std::string_view text, bool last) {
  std::string block(1, last ? '\1' : '\0');
  const auto length = static_cast<uint32_t>(text.size());
  AppendLittleEndian(length, 2, block);
  AppendLittleEndian(~length & 0xffff, 2, block);
  block += text;
  return block;
}

uint32_t Combine(uint32_t first, uint32_t second, size_t second_size) {
  return static_cast<uint32_t>(crc32_combine(first, second, static_cast<z_off_t>(second_size)));
}

}  // namespace

std::string RenderPage(const PageParts& parts, int order) {
  enum { kCapacity, kCount, kItems, kLastKey, kScanned };
  static constexpr std::array<std::array<int, 5>, 5> kOrders = {{
      {kCapacity, kCount, kItems, kLastKey, kScanned},
      {kLastKey, kItems, kScanned, kCapacity, kCount},
      {kScanned, kLastKey, kCount, kItems, kCapacity},
      {kItems, kCount, kScanned, kCapacity, kLastKey},
      {kItems, kScanned, kLastKey, kCapacity, kCount},
  }};
  const std::array<std::pair<std::string_view, const std::string*>, 5> members = {{
      {"ConsumedCapacity", &parts.consumed_capacity},
      {"Count", &parts.count},
      {"Items", &parts.items},
      {"LastEvaluatedKey", &parts.last_evaluated_key},
      {"ScannedCount", &parts.scanned_count},
  }};
  std::string body;
  body.reserve(parts.items.size() + parts.last_evaluated_key.size() + 256);
  for (const int member : kOrders.at(static_cast<size_t>(order))) {
    const auto& [name, text] = members.at(static_cast<size_t>(member));
    if (text->empty()) continue;
    body += body.empty() ? '{' : ',';
    body += fmt::format("\"{}\":", name);
    body += *text;
  }
  return body + '}';
}

uint32_t Crc32(std::string_view bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

DeflatedText::DeflatedText(std::string_view text)
    : bytes(Deflate(text, kRawWindow, Z_SYNC_FLUSH)), crc32(Crc32(bytes)) {}

const DeflatedText& DeflatedOnce::Of(std::string_view text) const {
  std::call_once(once_, [&] { deflated_ = std::make_unique<DeflatedText>(text); });
  return *deflated_;
}

RenderedPage::RenderedPage(std::string text) : head_(std::move(text)), crc32_(Crc32(head_)) {}

RenderedPage::RenderedPage(std::string head, SharedText middle, std::string tail)
    : head_(std::move(head)), middle_(std::move(middle)), tail_(std::move(tail)) {
  crc32_ = Combine(Crc32(head_), middle_.crc32, middle_.text.size());
  crc32_ = Combine(crc32_, Crc32(tail_), tail_.size());
}

std::string RenderedPage::Text() const {
  std::string text = head_;
  text += middle_.text;
  return text + tail_;
}

const RenderedPage& RenderedPage::Compressed() const {
  std::call_once(compress_once_, [this] { compressed_ = Compress(); });
  return *compressed_;
}

std::unique_ptr<RenderedPage> RenderedPage::Compress() const {
  if (middle_.deflated == nullptr) {
    return std::make_unique<RenderedPage>(Deflate(Text(), kGzipWindow, Z_FINISH));
  }
  // RFC 1952: no name, no time, fastest, Unix.
  std::string head("\x1f\x8b\x08\0\0\0\0\0\x04\x03", 10);
  head += StoredBlock(head_, false);
  std::string tail = StoredBlock(tail_, true);
  AppendLittleEndian(crc32_, 4, tail);
  AppendLittleEndian(static_cast<uint32_t>(size()), 4, tail);
  const auto& middle = middle_.deflated->Of(middle_.text);
  return std::make_unique<RenderedPage>(
      std::move(head), SharedText{middle.bytes, middle.crc32, nullptr, middle_.owner},
      std::move(tail));
}

}  // namespace sumac::fake_dynamodb
