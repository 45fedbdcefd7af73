// Keeps what a scan of a whole table has read in a file, so that a scan that is interrupted, also
// by the end of the process, goes on in the next one from there.
//
// Each page is one frame with a checksum, written with one call: whatever ends the process, what
// stands in the file before the last frame is whole, and a last one that is not is cut off. What
// the system had not yet brought to the disk when the machine itself went down is found out by the
// checksums.
//
// A scan in two parts shows the table as any scan does: each item as it was at some time between
// its first page and its last.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dynamodb/page_source.h"
#include "dynamodb/scan_resumption.h"

namespace sumac::dynamodb {

class CheckpointFile;
class CheckpointReplay;
struct RecordPlace;

struct ScanCheckpointOptions {
  // Of the file, which is made when it is not there, for this process's user only. Its folder is
  // not. Who wants the checkpoint no more removes it.
  std::string path;
  // All that has to be the same for the scan to go on, by a name for messages: the table, where it
  // is, how it is read. At most 100.
  std::map<std::string, std::string> identity;
  // For a scan that starts anew.
  int total_segments = 1;
  // What was begun earlier is dropped.
  std::chrono::hours age_max{24};
};

// Takes 16 bytes of memory for each page. Thread-safe but for StartAnew.
class ScanCheckpoint {
 public:
  // Reads all of the file. Blocks; polls `cancelled`, when given. Drops what the file holds when it
  // is of another scan, too old, or broken from its beginning, and what stands behind the first
  // broken frame. Errors: kUnavailable, when somebody else has the file or it cannot be opened or
  // made, so that a scan is better done without; kResourceExhausted, when it cannot be written;
  // kCancelled.
  static Result<std::unique_ptr<ScanCheckpoint>> Open(ScanCheckpointOptions options,
                                                      const Clock& clock,
                                                      const std::atomic<bool>* cancelled);
  ~ScanCheckpoint();

  // What is kept of an interrupted scan.
  struct Kept {
    uint64_t pages = 0;
    uint64_t items = 0;
    uint64_t body_bytes = 0;  // decompressed
  };
  const Kept& kept() const { return kept_; }
  // Why the file's scan was not gone on with, as "it is of another endpoint"; empty when it was, or
  // when there was none.
  const std::string& dropped_because() const { return dropped_because_; }
  // For ParallelScanOptions: where the scan goes on, and its number of segments.
  const ScanResumption& resumption() const { return resumption_; }
  int total_segments() const { return total_segments_; }
  // Of the first part of the scan.
  WallTime started_at() const { return started_at_; }

  // Keeps a page of a ParallelScan with `resumption` and `empty_pages`. Error kResourceExhausted:
  // it cannot be written; says where and why.
  Status Add(const Page& page);

  // The pages with items that are kept by now, each once, in no order. The source holds the file,
  // which nobody else can open then, until its last page has been taken, it has failed, or it is
  // destroyed or cancelled. Its error is kInternal: a page is not as it was written.
  std::shared_ptr<PageSource> Pages() const;

  // Drops all that is kept, for a scan that cannot go on from it. REQUIRES: nobody else uses it or
  // its Pages. Error kResourceExhausted: it cannot be written.
  Status StartAnew(WallTime now);

 private:
  ScanCheckpoint(ScanCheckpointOptions options, std::shared_ptr<CheckpointFile> file);
  Status Read(WallTime now, const std::atomic<bool>* cancelled);
  Status GoOn(const CheckpointReplay& replay, uint64_t end);

  const ScanCheckpointOptions options_;
  const std::shared_ptr<CheckpointFile> file_;
  int total_segments_;
  WallTime started_at_;
  Kept kept_;
  std::string dropped_because_;
  ScanResumption resumption_;
  mutable std::mutex mutex_;
  std::vector<RecordPlace> places_;  // guarded
};

}  // namespace sumac::dynamodb
