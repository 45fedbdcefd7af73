// What the file of a ScanCheckpoint consists of: frames, each a length, a checksum and one record.
// The first record is the header; the others are pages, and marks where a later process went on.
// Numbers are little-endian. Pure. Internal to dynamodb/.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "dynamodb/compressed_page.h"

namespace sumac::dynamodb {

// More segments than a scan can have are none.
inline constexpr int kCheckpointSegmentsMax = 1'000'000;

struct CheckpointHeader {
  WallTime started_at;  // to the microsecond
  int total_segments = 1;
  // What has to be the same for the scan to go on, by its name.
  std::map<std::string, std::string> identity;
};

struct CheckpointPage {
  int segment = 0;
  uint64_t page_of_segment = 0;
  // Empty at the end of the segment.
  std::string last_evaluated_key;
  CompressedPage page;
};

// The length of the record and its checksum (CRC-32).
struct FrameHead {
  static constexpr size_t kBytes = 8;
  // A page of the greatest body that there is, and more.
  static constexpr uint32_t kRecordBytesMax = 80U << 20;

  uint32_t record_bytes = 0;
  uint32_t checksum = 0;

  // REQUIRES: kBytes at `bytes`.
  static FrameHead Read(const char* bytes);
  bool Matches(std::string_view record) const;
};

// Whole frames.
std::string HeaderFrame(const CheckpointHeader& header);
std::string PageFrame(const CheckpointPage& page);
// From here on there are pages of another process.
std::string ContinuationFrame();

// False when the record is of another kind, or of another version, or not whole.
bool ReadHeaderRecord(std::string_view record, CheckpointHeader& header);
bool ReadPageRecord(std::string_view record, CheckpointPage& page);
bool IsContinuationRecord(std::string_view record);

}  // namespace sumac::dynamodb
