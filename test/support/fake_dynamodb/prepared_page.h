// The items of one page as one text, of which any run can be sent with its checksum known.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fake_dynamodb/rendered_page.h"
#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {

// Immutable. Thread-safe.
class PreparedPage : public std::enable_shared_from_this<PreparedPage> {
 public:
  // Adds an item that the service counts as `size_bytes`. Before the page is shared.
  void Add(std::string_view item, uint64_t size_bytes);

  size_t ItemCount() const { return ends_.size(); }
  std::string_view Item(size_t index) const { return Text(index, index + 1); }
  // Of items [begin, end), as the service counts.
  uint64_t SizeBytes(size_t begin, size_t end) const;
  // Items [begin, end) with commas between them.
  std::string_view Text(size_t begin, size_t end) const;
  // The same to send. All items of the page share their compressed form.
  SharedText Shared(size_t begin, size_t end) const;

  // The same page with these attributes only. Sizes stay: a projection saves no capacity.
  std::shared_ptr<PreparedPage> Project(const std::vector<AttributePath>& paths) const;

 private:
  struct End {
    size_t offset = 0;        // after the item
    uint32_t crc32 = 0;       // of all text up to there
    uint64_t size_bytes = 0;  // of the items up to it
  };
  // Where the text of an item begins, and the checksum of what is before it.
  size_t Begin(size_t item) const { return item == 0 ? 0 : ends_[item - 1].offset + 1; }
  uint32_t Crc32Before(size_t item) const;

  std::string text_;
  std::vector<End> ends_;
  DeflatedOnce deflated_;
};

}  // namespace sumac::fake_dynamodb
