// The pages of a checkpoint as a source. Internal to dynamodb/.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "dynamodb/checkpoint_file.h"
#include "dynamodb/page_source.h"

namespace sumac::dynamodb {

// Gives each out once, and lets go of the file with the last of them, or the first error.
class CheckpointPages final : public PageSource {
 public:
  CheckpointPages(std::shared_ptr<const CheckpointFile> file, std::vector<RecordPlace> places)
      : file_(std::move(file)), places_(std::move(places)) {}

  // Never blocks for long and does not ask `interrupted`. Error kInternal: a page cannot be read.
  Result<std::optional<Page>> Next(const std::function<bool()>& interrupted) override;
  void Cancel() override;
  // Of the pages that were given out.
  ScanStatistics Statistics() const override;
  // By pages; no rate and no time.
  ScanProgress Progress() const override;

 private:
  void LetGoWhenDone();

  mutable std::mutex mutex_;
  // All below is guarded.
  std::shared_ptr<const CheckpointFile> file_;
  std::vector<RecordPlace> places_;
  size_t next_ = 0;
  std::optional<Error> error_;
  ScanStatistics statistics_;
};

}  // namespace sumac::dynamodb
