#include "fake_dynamodb/prepared_page.h"

#include <zlib.h>

#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {
namespace {

uint32_t Continue(uint32_t crc32, std::string_view bytes) {
  return static_cast<uint32_t>(
      crc32_z(crc32, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

void PreparedPage::Add(std::string_view item, uint64_t size_bytes) {
  End end;
  if (!ends_.empty()) {
    end = ends_.back();
    text_ += ',';
    end.crc32 = Continue(end.crc32, ",");
  }
  text_ += item;
  end.offset = text_.size();
  end.crc32 = Continue(end.crc32, item);
  end.size_bytes += size_bytes;
  ends_.push_back(end);
}

uint64_t PreparedPage::SizeBytes(size_t begin, size_t end) const {
  if (begin >= end) return 0;
  return ends_[end - 1].size_bytes - (begin == 0 ? 0 : ends_[begin - 1].size_bytes);
}

std::string_view PreparedPage::Text(size_t begin, size_t end) const {
  if (begin >= end) return {};
  const size_t offset = Begin(begin);
  return std::string_view(text_).substr(offset, ends_[end - 1].offset - offset);
}

uint32_t PreparedPage::Crc32Before(size_t item) const {
  return item == 0 ? 0 : Continue(ends_[item - 1].crc32, ",");
}

SharedText PreparedPage::Shared(size_t begin, size_t end) const {
  SharedText shared;
  if (begin >= end) return shared;
  shared.text = Text(begin, end);
  // Of the texts AB, A and B: combine(crc(A), crc(B)) is crc(AB), and combine is linear.
  shared.crc32 =
      ends_[end - 1].crc32 ^ static_cast<uint32_t>(crc32_combine(
                                 Crc32Before(begin), 0, static_cast<z_off_t>(shared.text.size())));
  if (begin == 0 && end == ends_.size()) shared.deflated = &deflated_;
  shared.owner = shared_from_this();
  return shared;
}

std::shared_ptr<PreparedPage> PreparedPage::Project(const std::vector<AttributePath>& paths) const {
  auto projected = std::make_shared<PreparedPage>();
  for (size_t i = 0; i < ends_.size(); ++i) {
    projected->Add(ProjectItem(std::string(Item(i)), paths), SizeBytes(i, i + 1));
  }
  return projected;
}

}  // namespace sumac::fake_dynamodb
