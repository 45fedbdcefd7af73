// The checkpoint of a dataset's load: whether there can be one, and what its load goes on from.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "dynamodb/client.h"
#include "dynamodb/scan_checkpoint.h"
#include "dynamodb/table_description.h"

namespace sumac::datasets {

struct LoadCheckpointRequest {
  std::string dataset_name;
  // Absolute, of the file; its folder is there.
  std::string path;
  dynamodb::TableDescription table;
  // As the client has them.
  std::string endpoint_url;
  std::string region;
  bool consistent_read = false;
  // For a load that starts anew.
  int total_segments = 1;
  // Polled, when not null.
  const std::atomic<bool>* cancelled = nullptr;
};

// Opens it and logs what it means for the load: what is kept of an interrupted one, or why that is
// dropped. Null, with a warning in the log, when another process has it or the file cannot be
// opened: the load then does without. Blocks. Errors: kResourceExhausted, when it cannot be
// written; kCancelled.
Result<std::shared_ptr<dynamodb::ScanCheckpoint>> OpenLoadCheckpoint(
    const LoadCheckpointRequest& request, const Clock& clock);

}  // namespace sumac::datasets
