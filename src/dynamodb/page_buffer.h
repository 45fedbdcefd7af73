// The pages of a scan that were asked for or have come and that no reader has taken, within bounds
// of their bytes: the scan's own, and one that all scans of the process share.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "dynamodb/byte_budget.h"
#include "dynamodb/client.h"

namespace sumac::dynamodb {

struct PageBufferOptions {
  // Of pages that wait and of answers that are expected, together.
  uint64_t bytes_max = 128ULL << 20;
  // Pages that wait for a reader that is slower than the service.
  size_t waiting_max = 8;
  // Shared with other scans; null bounds this one alone.
  std::shared_ptr<ByteBudget> budget;
};

// Not thread-safe, but for what the budget is.
class PageBuffer {
 public:
  explicit PageBuffer(PageBufferOptions options) : options_(std::move(options)) {}
  ~PageBuffer() { Clear(); }
  PageBuffer(const PageBuffer&) = delete;
  PageBuffer& operator=(const PageBuffer&) = delete;

  // Makes room for one more answer and returns the bytes that are kept for it; nothing when there
  // is no room. When nothing else is asked for or waits there always is: a scan goes on whatever
  // others hold. `streams` are those of the scan: as many pages may come at once, and wait for a
  // reader that keeps up.
  std::optional<uint64_t> Expect(int streams);
  // The answer with this room came with nothing, or will not be asked for.
  void Forget(uint64_t room);
  void Add(uint64_t room, Page page);

  // Nothing when none waits: the reader is then ahead of the service.
  std::optional<Page> Take();
  bool Empty() const { return pages_.empty(); }
  size_t waiting() const { return pages_.size(); }

  // Drops the pages and all room.
  void Clear();

 private:
  size_t WaitingMax(int streams) const;

  const PageBufferOptions options_;
  std::deque<Page> pages_;
  int expected_ = 0;
  uint64_t bytes_ = 0;
  // What pages have on average lately; the first guess is that of the service's bound.
  double page_bytes_ = 1 << 20;
  // Pages taken since a reader last found none.
  size_t taken_in_a_row_ = 0;
};

}  // namespace sumac::dynamodb
