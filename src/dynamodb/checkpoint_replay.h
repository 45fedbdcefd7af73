// What the pages in the file of a ScanCheckpoint add up to. Pure. Internal to dynamodb/.
//
// Pages of a segment may stand in another order than they were read, because several threads keep
// them: one counts when all before it are there. Those that do not when the process ends are read
// again by the next, so they are dropped where it went on.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dynamodb/checkpoint_records.h"
#include "dynamodb/scan_resumption.h"

namespace sumac::dynamodb {

// Where a record stands.
struct RecordPlace {
  uint64_t offset = 0;  // of its frame
  uint32_t bytes = 0;   // without the frame's head
};

// Not thread-safe.
class CheckpointReplay {
 public:
  // REQUIRES: total_segments >= 1.
  explicit CheckpointReplay(int total_segments) : total_segments_(total_segments) {}

  // False, and nothing changes, when no scan can have read such a page after those before it.
  bool Add(CheckpointPage page, const RecordPlace& place);
  // A later process goes on from here.
  void Continue();

  // Those that count.
  uint64_t pages() const { return pages_; }
  uint64_t items() const { return items_; }
  uint64_t body_bytes() const { return body_bytes_; }
  // Of those of them that hold items.
  const std::vector<RecordPlace>& places() const { return places_; }
  ScanResumption Resumption() const;

 private:
  struct Waiting {
    CheckpointPage page;  // without its body
    RecordPlace place;
  };
  struct Segment {
    uint64_t pages = 0;
    bool ended = false;
    std::string next_key;
    std::map<uint64_t, Waiting> waiting;  // by page_of_segment
  };

  void Count(const Waiting& page, Segment& segment);

  int total_segments_;
  std::map<int, Segment> segments_;  // those that were begun
  uint64_t pages_ = 0;
  uint64_t items_ = 0;
  uint64_t items_scanned_ = 0;
  uint64_t body_bytes_ = 0;
  std::vector<RecordPlace> places_;
};

}  // namespace sumac::dynamodb
