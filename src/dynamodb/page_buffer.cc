#include "dynamodb/page_buffer.h"

#include <algorithm>

namespace sumac::dynamodb {
namespace {

constexpr double kNewPart = 0.3;

}  // namespace

size_t PageBuffer::WaitingMax(int streams) const {
  // Streams answer together, so a reader that keeps up finds as many pages at once, then none. Few
  // streams are no reason to gather many pages: a reader that wants ten rows has them.
  const size_t at_once = std::max<size_t>(2, static_cast<size_t>(streams));
  const bool keeps_up = taken_in_a_row_ < 2 * at_once;
  return keeps_up ? at_once : std::min(at_once, options_.waiting_max);
}

std::optional<uint64_t> PageBuffer::Expect(int streams) {
  const auto room = static_cast<uint64_t>(page_bytes_);
  if (expected_ == 0 && pages_.empty()) {
    if (options_.budget) options_.budget->Take(room);
  } else {
    if (pages_.size() >= WaitingMax(streams) || bytes_ + room > options_.bytes_max) {
      return std::nullopt;
    }
    if (options_.budget && !options_.budget->TryTake(room)) return std::nullopt;
  }
  ++expected_;
  bytes_ += room;
  return room;
}

void PageBuffer::Forget(uint64_t room) {
  --expected_;
  bytes_ -= room;
  if (options_.budget) options_.budget->GiveBack(room);
}

void PageBuffer::Add(uint64_t room, Page page) {
  Forget(room);
  const uint64_t size = page.body.size();
  page_bytes_ += kNewPart * (static_cast<double>(size) - page_bytes_);
  bytes_ += size;
  if (options_.budget) options_.budget->Take(size);
  pages_.push_back(std::move(page));
}

std::optional<Page> PageBuffer::Take() {
  if (pages_.empty()) {
    taken_in_a_row_ = 0;
    return std::nullopt;
  }
  ++taken_in_a_row_;
  std::optional<Page> page = std::move(pages_.front());
  pages_.pop_front();
  bytes_ -= page->body.size();
  if (options_.budget) options_.budget->GiveBack(page->body.size());
  return page;
}

void PageBuffer::Clear() {
  if (options_.budget) options_.budget->GiveBack(bytes_);
  bytes_ = 0;
  expected_ = 0;
  pages_.clear();
}

}  // namespace sumac::dynamodb
