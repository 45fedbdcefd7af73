#include "dynamodb/scan_checkpoint.h"

#include <utility>

#include "aws/timestamp.h"
#include "dynamodb/checkpoint_file.h"
#include "dynamodb/checkpoint_pages.h"
#include "dynamodb/checkpoint_records.h"
#include "dynamodb/checkpoint_replay.h"
#include "dynamodb/compressed_page.h"

namespace sumac::dynamodb {
namespace {

// A clock may have been set back by so much since.
constexpr std::chrono::hours kAheadMax{1};

// Empty when the scan of this header can be gone on with.
std::string WhyNot(const CheckpointHeader& header, const ScanCheckpointOptions& options,
                   WallTime now) {
  for (const auto& [name, value] : options.identity) {
    const auto before = header.identity.find(name);
    if (before == header.identity.end() || before->second != value) {
      return "it is of another " + name;
    }
  }
  if (header.identity.size() != options.identity.size()) return "it is of another scan";
  if (header.started_at > now + kAheadMax) {
    return "it is of " + aws::FormatTimestamp(header.started_at) + ", which is yet to come";
  }
  if (now - header.started_at >= options.age_max) {
    return "it is of " + aws::FormatTimestamp(header.started_at) + ", which is " +
           std::to_string(options.age_max.count()) + " hours ago or more";
  }
  return {};
}

}  // namespace

ScanCheckpoint::ScanCheckpoint(ScanCheckpointOptions options, std::shared_ptr<CheckpointFile> file)
    : options_(std::move(options)),
      file_(std::move(file)),
      total_segments_(options_.total_segments) {}

ScanCheckpoint::~ScanCheckpoint() = default;

Result<std::unique_ptr<ScanCheckpoint>> ScanCheckpoint::Open(ScanCheckpointOptions options,
                                                             const Clock& clock,
                                                             const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(auto file, CheckpointFile::Open(options.path));
  std::unique_ptr<ScanCheckpoint> checkpoint(
      new ScanCheckpoint(std::move(options), std::move(file)));
  const auto now = clock.WallNow();
  SUMAC_RETURN_IF_ERROR(checkpoint->Read(now, cancelled));
  // Without a page there is nothing that would make the scan older than it is.
  if (checkpoint->kept_.pages == 0) SUMAC_RETURN_IF_ERROR(checkpoint->StartAnew(now));
  return checkpoint;
}

Status ScanCheckpoint::Read(WallTime now, const std::atomic<bool>* cancelled) {
  if (file_->size() == 0) return {};
  std::string record;
  CheckpointHeader header;
  if (!file_->ReadRecord(0, record) || !ReadHeaderRecord(record, header)) {
    dropped_because_ = "its beginning is not whole, or of another version";
    return {};
  }
  dropped_because_ = WhyNot(header, options_, now);
  if (!dropped_because_.empty()) return {};
  total_segments_ = header.total_segments;
  started_at_ = header.started_at;
  CheckpointReplay replay(total_segments_);
  uint64_t end = FrameHead::kBytes + record.size();
  while (file_->ReadRecord(end, record)) {
    if (cancelled != nullptr && cancelled->load()) return Fail(CancelledError());
    const RecordPlace place{end, static_cast<uint32_t>(record.size())};
    CheckpointPage page;
    if (IsContinuationRecord(record)) {
      replay.Continue();
    } else if (!ReadPageRecord(record, page) || !replay.Add(std::move(page), place)) {
      break;
    }
    end += FrameHead::kBytes + record.size();
  }
  return GoOn(replay, end);
}

Status ScanCheckpoint::GoOn(const CheckpointReplay& replay, uint64_t end) {
  if (replay.pages() == 0) return {};
  kept_ = {replay.pages(), replay.items(), replay.body_bytes()};
  resumption_ = replay.Resumption();
  places_ = replay.places();
  SUMAC_RETURN_IF_ERROR(file_->Cut(end));
  SUMAC_RETURN_IF_ERROR(file_->Append(ContinuationFrame()));
  return {};
}

Status ScanCheckpoint::StartAnew(WallTime now) {
  total_segments_ = kept_.pages > 0 ? total_segments_ : options_.total_segments;
  started_at_ = now;
  kept_ = {};
  resumption_ = {};
  places_.clear();
  SUMAC_RETURN_IF_ERROR(file_->Cut(0));
  SUMAC_RETURN_IF_ERROR(file_->Append(HeaderFrame({now, total_segments_, options_.identity})));
  return {};
}

Status ScanCheckpoint::Add(const Page& page) {
  CheckpointPage kept;
  kept.segment = page.segment;
  kept.page_of_segment = page.page_of_segment;
  kept.last_evaluated_key = page.last_evaluated_key;
  SUMAC_ASSIGN_OR_RETURN(kept.page, CompressPage(page));
  const auto frame = PageFrame(kept);
  SUMAC_ASSIGN_OR_RETURN(const auto place, file_->Append(frame));
  if (page.count == 0) return {};
  std::lock_guard lock(mutex_);
  places_.push_back(place);
  return {};
}

std::shared_ptr<PageSource> ScanCheckpoint::Pages() const {
  std::lock_guard lock(mutex_);
  return std::make_shared<CheckpointPages>(file_, places_);
}

}  // namespace sumac::dynamodb
