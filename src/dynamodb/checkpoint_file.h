// The file of a ScanCheckpoint: frames that are appended and read again. Internal to dynamodb/.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dynamodb/checkpoint_replay.h"

namespace sumac::dynamodb {

// Locked against other processes, and against who else opens it in this one, for as long as it
// lives. Thread-safe but for Cut.
class CheckpointFile {
 public:
  // Opens the file at `path`, a regular file of the process's user only, or makes it. Error
  // kUnavailable: somebody else has it open, or it cannot be opened or made; says which and why.
  static Result<std::shared_ptr<CheckpointFile>> Open(const std::string& path);
  ~CheckpointFile();
  CheckpointFile(const CheckpointFile&) = delete;
  CheckpointFile& operator=(const CheckpointFile&) = delete;

  // At its end. The frame is with the operating system then, which the end of the process does not
  // change; from time to time, all is written to the disk. Error kResourceExhausted: it cannot be
  // written; says where and why, and so do all calls after that.
  Result<RecordPlace> Append(std::string_view frame);

  // Reads the record of the frame at `offset`. False when there is no whole one.
  bool ReadRecord(uint64_t offset, std::string& record) const;

  // Drops all that stands behind `size`. REQUIRES: size <= this->size(). Error as Append.
  Status Cut(uint64_t size);

  uint64_t size() const;
  const std::string& path() const { return path_; }

 private:
  CheckpointFile(std::string path, int descriptor, uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
  tl::unexpected<Error> CannotWrite() const;
  void SyncWhenDue(std::unique_lock<std::mutex> lock);

  const std::string path_;
  const int descriptor_;
  mutable std::mutex mutex_;
  uint64_t size_;            // guarded
  int error_ = 0;            // guarded; errno of the first Append that failed
  uint64_t not_synced_ = 0;  // guarded; bytes
  bool syncing_ = false;     // guarded
};

}  // namespace sumac::dynamodb
