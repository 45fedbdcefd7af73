// Pages of a table that were read once and are to be read a second time: kept compressed, in memory
// up to a bound and beyond it in a temporary file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "dynamodb/page_source.h"

namespace sumac::dynamodb {

struct StoredPagesOptions {
  // Compressed bytes that stay in memory; JSON of items takes a tenth of its size, roughly.
  uint64_t memory_bytes_max = 256ULL << 20;
  // Where the rest goes: a file that has no name and is gone with the process. It needs as much
  // room as the rest of the table, compressed.
  std::string temporary_directory = "/tmp";
};

// First filled, then read; thread-safe in either phase. Each page is given out once and not kept
// after that.
class StoredPages final : public PageSource {
 public:
  explicit StoredPages(StoredPagesOptions options);
  ~StoredPages() override;

  // Keeps the page. Error kResourceExhausted: the temporary file cannot be made or written; says
  // where and why.
  Status Add(const Page& page);

  // Never blocks for long and does not ask `interrupted`. Error kInternal: the temporary file
  // cannot be read, or holds something else than was written.
  Result<std::optional<Page>> Next(const std::function<bool()>& interrupted) override;
  // Lets go of all pages.
  void Cancel() override;
  // Of the pages that Next has given out.
  ScanStatistics Statistics() const override;
  // By pages given out of those that were kept; no rate and no time.
  ScanProgress Progress() const override;

  // Compressed bytes kept, in memory and in the file.
  uint64_t MemoryBytes() const;
  uint64_t FileBytes() const;

 private:
  class State;
  const std::unique_ptr<State> state_;
};

}  // namespace sumac::dynamodb
