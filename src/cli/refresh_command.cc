#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include <duckdb.hpp>
#include <fmt/format.h>

#include "base/printable_text.h"
#include "cli/ask_server.h"
#include "cli/commands.h"
#include "cli/datasets_report.h"
#include "cli/refresh_wait.h"
#include "engine/progress_text.h"

namespace sumac::cli {
namespace {

constexpr size_t kShownBytes = 1'000;
// Short, so that Ctrl-C is heard and a quick failure is not missed.
constexpr std::chrono::milliseconds kPause{100};

Result<server::ListedDataset> Look(server::ServerClient& client, const std::string& name,
                                   const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(auto datasets, client.Datasets(cancelled));
  const auto found = std::find_if(datasets.begin(), datasets.end(), [&name](const auto& dataset) {
    return duckdb::StringUtil::CIEquals(dataset.name, name);
  });
  if (found != datasets.end()) return std::move(*found);
  return Fail(ErrorCode::kNotFound, "Dataset " + PrintableText(name, kShownBytes) + " not found");
}

Status Run(const RefreshOptions& options, server::ServerClient& client,
           const std::atomic<bool>* cancelled) {
  const LookAtDataset look = [&] { return Look(client, options.name, cancelled); };
  server::ListedDataset before;
  if (options.wait) {
    SUMAC_ASSIGN_OR_RETURN(before, look());
  }
  const server::RefreshRequest request = {options.refresh_sql, options.refresh_mode};
  SUMAC_ASSIGN_OR_RETURN(const auto message, client.RefreshCopy(options.name, request, cancelled));
  fmt::print("{}\n", PrintableText(message, kShownBytes));
  if (!options.wait) return {};
  // Whoever waits sees that the waiting has begun, also in a pipe.
  std::fflush(stdout);
  SUMAC_ASSIGN_OR_RETURN(const auto copy,
                         WaitForRefresh(
                             before, look, [] { std::this_thread::sleep_for(kPause); }, cancelled));
  fmt::print("Dataset {} was refreshed: {} rows, {}.\n", PrintableText(before.name, kShownBytes),
             engine::ThousandsText(copy.rows), BinaryBytesText(copy.bytes));
  return {};
}

}  // namespace

int RunRefreshCommand(const RefreshOptions& options, SignalWatcher& signals) {
  return AskServer(
      {options.http_address, options.api_key, options.root_certificate_path}, signals,
      [&](auto& client, const auto* cancelled) { return Run(options, client, cancelled); });
}

}  // namespace sumac::cli
