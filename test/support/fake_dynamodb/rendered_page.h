// Answers as they go on the wire: a body with its checksum, plain or gzipped. A part of the body
// may be shared with other answers, so that a page of a megabyte is sent without copying or
// checking it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace sumac::fake_dynamodb {

// The members of a Scan's answer, each as JSON text; empty ones are left out.
struct PageParts {
  std::string consumed_capacity;
  std::string count;
  std::string items;
  std::string last_evaluated_key;
  std::string scanned_count;
};

// Writes the parts in one of five orders; 0 is the service's own, the others are as legal. Order 1
// begins with LastEvaluatedKey, order 4 ends with Count.
std::string RenderPage(const PageParts& parts, int order);

uint32_t Crc32(std::string_view bytes);

// A deflated text that ends on a byte boundary and is not the last block of its stream, so that
// others can stand before and after it.
struct DeflatedText {
  explicit DeflatedText(std::string_view text);

  std::string bytes;
  uint32_t crc32 = 0;  // of `bytes`
};

// Deflates one text when that is first asked for. Thread-safe.
class DeflatedOnce {
 public:
  const DeflatedText& Of(std::string_view text) const;

 private:
  mutable std::once_flag once_;
  mutable std::unique_ptr<DeflatedText> deflated_;
};

// A text that answers share. Immutable.
struct SharedText {
  std::string_view text;
  uint32_t crc32 = 0;
  // Of this very text; null when others have no use for it.
  const DeflatedOnce* deflated = nullptr;
  // Keeps all of this.
  std::shared_ptr<const void> owner;
};

// A body that is ready to send. Immutable.
class RenderedPage {
 public:
  explicit RenderedPage(std::string text);
  // `head` and `tail` may have 65,535 bytes each at most.
  RenderedPage(std::string head, SharedText middle, std::string tail);

  // To be sent one after the other.
  std::array<std::string_view, 3> Parts() const { return {head_, middle_.text, tail_}; }
  size_t size() const { return head_.size() + middle_.text.size() + tail_.size(); }
  uint32_t crc32() const { return crc32_; }
  std::string Text() const;

  // The gzipped form, made on first use. Thread-safe.
  const RenderedPage& Compressed() const;

  // What reading the page has cost, and where in the table it begins: how much of the hash range,
  // from 0 to 1, is before it.
  uint64_t read_bytes = 0;
  double hash_position = 0;

 private:
  std::unique_ptr<RenderedPage> Compress() const;

  std::string head_;
  SharedText middle_;
  std::string tail_;
  uint32_t crc32_ = 0;
  mutable std::once_flag compress_once_;
  mutable std::unique_ptr<RenderedPage> compressed_;
};

}  // namespace sumac::fake_dynamodb
