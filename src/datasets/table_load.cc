#include "datasets/table_load.h"

#include <functional>
#include <utility>

#include "base/log.h"
#include "datasets/load_progress.h"
#include "datasets/whole_table.h"
#include "dynamodb/stored_pages.h"

namespace sumac::datasets {
namespace {

using KeepPage = std::function<Status(const dynamodb::Page&)>;

// Reads what the options have not been told is read already, and adds it to `loaded`.
Status ScanTable(const TableLoadRequest& request, dynamodb::ParallelScanOptions options,
                 const KeepPage& keep, LoadedTable& loaded) {
  const int workers = WorkersFor(options.streams.most);
  dynamodb::ParallelScan scan(request.client, request.what, std::move(options));
  SpeakingPages speaking(scan, request.dataset_name, request.clock,
                         [](const std::string& line) { spdlog::info("{}", line); });
  auto types = SummarizeAll(speaking, request.schema, workers, keep, request.cancelled);
  const auto cost = scan.Statistics();
  loaded.cost += cost;
  loaded.items = cost.items;
  if (!types) return Fail(std::move(types).error());
  loaded.types.Join(*types);
  return {};
}

Result<LoadedTable> LoadOnce(const TableLoadRequest& request) {
  dynamodb::StoredPagesOptions storing;
  if (!request.temporary_directory.empty()) {
    storing.temporary_directory = request.temporary_directory;
  }
  LoadedTable loaded;
  loaded.read_since = request.clock->WallNow();
  const auto pages = std::make_shared<dynamodb::StoredPages>(std::move(storing));
  SUMAC_RETURN_IF_ERROR(ScanTable(
      request, request.scan, [&](const dynamodb::Page& page) { return pages->Add(page); }, loaded));
  loaded.pages = pages;
  return loaded;
}

Status ScanOn(const TableLoadRequest& request, LoadedTable& loaded) {
  auto& checkpoint = *request.checkpoint;
  auto options = request.scan;
  options.resumption = checkpoint.resumption();
  options.empty_pages = true;
  return ScanTable(
      request, std::move(options), [&](const dynamodb::Page& page) { return checkpoint.Add(page); },
      loaded);
}

// What the pages that are kept show. An error but for kCancelled means that they are of no use.
Status SummarizeKept(const TableLoadRequest& request, LoadedTable& loaded) {
  const auto pages = request.checkpoint->Pages();
  auto types = SummarizeAll(*pages, request.schema, WorkersFor(request.scan.streams.most), nullptr,
                            request.cancelled);
  if (!types) return Fail(std::move(types).error());
  loaded.types = *std::move(types);
  return {};
}

Status StartAnew(const TableLoadRequest& request, const Error& why, LoadedTable& loaded) {
  spdlog::info("dataset {}: its load starts anew, because it cannot be gone on with: {}",
               request.dataset_name, why.message);
  loaded.types = {};
  return request.checkpoint->StartAnew(request.clock->WallNow());
}

Result<LoadedTable> GoOn(const TableLoadRequest& request) {
  auto& checkpoint = *request.checkpoint;
  LoadedTable loaded;
  if (checkpoint.kept().pages > 0) {
    const auto summarized = SummarizeKept(request, loaded);
    if (!summarized) {
      if (summarized.error().code == ErrorCode::kCancelled) return Fail(summarized.error());
      SUMAC_RETURN_IF_ERROR(StartAnew(request, summarized.error(), loaded));
    }
  }
  auto scanned = ScanOn(request, loaded);
  // A key that the service does not take to go on from, whatever has become of the table.
  if (!scanned && scanned.error().code == ErrorCode::kInvalidArgument &&
      checkpoint.kept().pages > 0) {
    SUMAC_RETURN_IF_ERROR(StartAnew(request, scanned.error(), loaded));
    scanned = ScanOn(request, loaded);
  }
  if (!scanned) return Fail(std::move(scanned).error());
  loaded.kept = checkpoint.kept();
  loaded.items += loaded.kept.items;
  loaded.read_since = checkpoint.started_at();
  loaded.pages = checkpoint.Pages();
  return loaded;
}

}  // namespace

Result<LoadedTable> LoadTable(const TableLoadRequest& request) {
  return request.checkpoint ? GoOn(request) : LoadOnce(request);
}

}  // namespace sumac::datasets
