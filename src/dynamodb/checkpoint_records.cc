#include "dynamodb/checkpoint_records.h"

#include <bit>

#include <libdeflate.h>

#include "dynamodb/response_body.h"

namespace sumac::dynamodb {
namespace {

// With the version of all that follows in the file.
constexpr std::string_view kHeaderMark = "sumac scan checkpoint 1\n";
constexpr char kPageMark = 'P';
constexpr std::string_view kContinuationMark = "C";
constexpr uint64_t kIdentityPartsMax = 100;
// In microseconds either way from 1970, some hundred years: what a WallTime can hold.
constexpr int64_t kTimeMax = 1LL << 52;

template <typename Number>
void PutNumber(Number number, std::string& out) {
  for (size_t i = 0; i < sizeof(number); ++i) out += static_cast<char>(number >> (8 * i));
}

void PutText(std::string_view text, std::string& out) {
  PutNumber(uint64_t{text.size()}, out);
  out += text;
}

template <typename Number>
Number NumberAt(const char* bytes) {
  Number number = 0;
  for (size_t i = 0; i < sizeof(number); ++i) {
    number |= static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return number;
}

// Takes a record apart; once something is missing, all that is asked for is empty.
class RecordReader {
 public:
  explicit RecordReader(std::string_view record) : left_(record) {}

  bool TakeMark(std::string_view mark) {
    if (!left_.starts_with(mark)) return whole_ = false;
    left_.remove_prefix(mark.size());
    return true;
  }
  uint64_t TakeNumber() {
    if (left_.size() < sizeof(uint64_t)) {
      whole_ = false;
      return 0;
    }
    const auto number = NumberAt<uint64_t>(left_.data());
    left_.remove_prefix(sizeof(uint64_t));
    return number;
  }
  std::string_view TakeText() {
    const uint64_t size = TakeNumber();
    if (size > left_.size()) whole_ = false;
    if (!whole_) return {};
    const auto text = left_.substr(0, size);
    left_.remove_prefix(size);
    return text;
  }
  bool whole() const { return whole_; }
  bool AtEnd() const { return whole_ && left_.empty(); }

 private:
  std::string_view left_;
  bool whole_ = true;
};

uint32_t ChecksumOf(std::string_view record) {
  return libdeflate_crc32(0, record.data(), record.size());
}

// A frame is made in one piece: its head is filled in when the record is known.
std::string BeginFrame() {
  return std::string(FrameHead::kBytes, '\0');
}

std::string EndFrame(std::string frame) {
  const auto record = std::string_view(frame).substr(FrameHead::kBytes);
  std::string head;
  PutNumber(static_cast<uint32_t>(record.size()), head);
  PutNumber(ChecksumOf(record), head);
  frame.replace(0, FrameHead::kBytes, head);
  return frame;
}

}  // namespace

FrameHead FrameHead::Read(const char* bytes) {
  return {NumberAt<uint32_t>(bytes), NumberAt<uint32_t>(bytes + sizeof(uint32_t))};
}

bool FrameHead::Matches(std::string_view record) const {
  return record.size() == record_bytes && ChecksumOf(record) == checksum;
}

std::string HeaderFrame(const CheckpointHeader& header) {
  const auto started_at =
      std::chrono::duration_cast<std::chrono::microseconds>(header.started_at.time_since_epoch());
  auto frame = BeginFrame();
  frame += kHeaderMark;
  PutNumber(static_cast<uint64_t>(started_at.count()), frame);
  PutNumber(static_cast<uint64_t>(header.total_segments), frame);
  PutNumber(uint64_t{header.identity.size()}, frame);
  for (const auto& [name, value] : header.identity) {
    PutText(name, frame);
    PutText(value, frame);
  }
  return EndFrame(std::move(frame));
}

bool ReadHeaderRecord(std::string_view record, CheckpointHeader& header) {
  RecordReader reader(record);
  if (!reader.TakeMark(kHeaderMark)) return false;
  const auto time = static_cast<int64_t>(reader.TakeNumber());
  const uint64_t segments = reader.TakeNumber();
  const uint64_t parts = reader.TakeNumber();
  if (segments < 1 || segments > kCheckpointSegmentsMax || parts > kIdentityPartsMax) return false;
  if (time < -kTimeMax || time > kTimeMax) return false;
  header.started_at = WallTime(std::chrono::microseconds(time));
  header.total_segments = static_cast<int>(segments);
  for (uint64_t i = 0; i < parts && reader.whole(); ++i) {
    const std::string name(reader.TakeText());
    header.identity[name] = reader.TakeText();
  }
  return reader.AtEnd();
}

std::string PageFrame(const CheckpointPage& page) {
  auto frame = BeginFrame();
  frame.reserve(frame.size() + 128 + page.last_evaluated_key.size() + page.page.body.size());
  frame += kPageMark;
  PutNumber(static_cast<uint64_t>(page.segment), frame);
  PutNumber(page.page_of_segment, frame);
  PutNumber(page.page.body_bytes, frame);
  PutNumber(page.page.bytes_on_wire, frame);
  PutNumber(page.page.count, frame);
  PutNumber(page.page.scanned_count, frame);
  PutNumber(std::bit_cast<uint64_t>(page.page.consumed_read_units), frame);
  PutText(page.last_evaluated_key, frame);
  PutText(page.page.body, frame);
  return EndFrame(std::move(frame));
}

bool ReadPageRecord(std::string_view record, CheckpointPage& page) {
  RecordReader reader(record);
  if (!reader.TakeMark({&kPageMark, 1})) return false;
  const uint64_t segment = reader.TakeNumber();
  page.page_of_segment = reader.TakeNumber();
  page.page.body_bytes = reader.TakeNumber();
  page.page.bytes_on_wire = reader.TakeNumber();
  page.page.count = reader.TakeNumber();
  page.page.scanned_count = reader.TakeNumber();
  page.page.consumed_read_units = std::bit_cast<double>(reader.TakeNumber());
  page.last_evaluated_key = reader.TakeText();
  page.page.body = reader.TakeText();
  if (segment >= kCheckpointSegmentsMax || page.page.body_bytes > kInflatedBytesMax) return false;
  page.segment = static_cast<int>(segment);
  return reader.AtEnd();
}

std::string ContinuationFrame() {
  return EndFrame(BeginFrame().append(kContinuationMark));
}

bool IsContinuationRecord(std::string_view record) {
  return record == kContinuationMark;
}

}  // namespace sumac::dynamodb
