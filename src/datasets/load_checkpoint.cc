#include "datasets/load_checkpoint.h"

#include <fmt/format.h>

#include "aws/timestamp.h"
#include "base/log.h"
#include "engine/progress_text.h"

namespace sumac::datasets {
namespace {

std::string KeysText(const dynamodb::TableDescription& table) {
  std::string text;
  for (const auto& key : table.keys) {
    text += fmt::format("{}:{} ", static_cast<int>(key.type), key.name);
  }
  return text;
}

// A table that was made again under its name, a copy of it elsewhere, or the same read in another
// way has other items, or other keys to go on from.
std::map<std::string, std::string> IdentityOf(const LoadCheckpointRequest& request) {
  return {
      {"table", request.table.name},
      {"table ARN", request.table.arn},
      {"table id", request.table.id},
      {"table creation time", fmt::format("{}", request.table.created_at)},
      {"key schema", KeysText(request.table)},
      {"endpoint", request.endpoint_url},
      {"region", request.region},
      {"consistent_read", request.consistent_read ? "true" : "false"},
      {"projection", "whole items"},
  };
}

}  // namespace

Result<std::shared_ptr<dynamodb::ScanCheckpoint>> OpenLoadCheckpoint(
    const LoadCheckpointRequest& request, const Clock& clock) {
  dynamodb::ScanCheckpointOptions options;
  options.path = request.path;
  options.identity = IdentityOf(request);
  options.total_segments = request.total_segments;
  auto opened = dynamodb::ScanCheckpoint::Open(std::move(options), clock, request.cancelled);
  if (!opened) {
    if (opened.error().code != ErrorCode::kUnavailable) return Fail(std::move(opened).error());
    spdlog::warn("dataset {}: its load cannot be gone on with if it is interrupted: {}",
                 request.dataset_name, opened.error().message);
    return std::shared_ptr<dynamodb::ScanCheckpoint>();
  }
  std::shared_ptr<dynamodb::ScanCheckpoint> checkpoint = *std::move(opened);
  const auto& kept = checkpoint->kept();
  if (kept.pages > 0) {
    spdlog::info(
        "dataset {}: resuming its load: {} pages ({}) of an interrupted load from {} are kept",
        request.dataset_name, engine::ThousandsText(kept.pages),
        engine::BytesText(static_cast<double>(kept.body_bytes)),
        aws::FormatTimestamp(checkpoint->started_at()));
  } else if (!checkpoint->dropped_because().empty()) {
    spdlog::info("dataset {}: what '{}' keeps of an interrupted load is dropped: {}",
                 request.dataset_name, request.path, checkpoint->dropped_because());
  }
  return checkpoint;
}

}  // namespace sumac::datasets
