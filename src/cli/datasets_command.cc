#include <atomic>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "cli/ask_server.h"
#include "cli/commands.h"
#include "cli/datasets_report.h"

namespace sumac::cli {
namespace {

constexpr size_t kShownBytes = 1'000;

std::string Shown(const std::string& text) {
  return PrintableText(text, kShownBytes);
}

void PrintRefresh(const server::RefreshedSchema& refreshed) {
  fmt::print("{}\n", Shown(refreshed.message));
  for (const auto& column : refreshed.change.added) fmt::print("  + {}\n", Shown(column));
  for (const auto& column : refreshed.change.removed) fmt::print("  - {}\n", Shown(column));
  for (const auto& column : refreshed.change.changed_types) {
    fmt::print("  {}: {} -> {}\n", Shown(column.column), Shown(column.from), Shown(column.to));
  }
}

Status Run(const DatasetsOptions& options, server::ServerClient& client, const Clock& clock,
           const std::atomic<bool>* cancelled) {
  if (options.refresh_schema.empty()) {
    SUMAC_ASSIGN_OR_RETURN(const auto datasets, client.Datasets(cancelled));
    fmt::print("{}", DatasetsReport(datasets, clock.WallNow()));
    return {};
  }
  SUMAC_ASSIGN_OR_RETURN(const auto refreshed,
                         client.RefreshSchema(options.refresh_schema, cancelled));
  PrintRefresh(refreshed);
  return {};
}

}  // namespace

int RunDatasetsCommand(const DatasetsOptions& options, SignalWatcher& signals, const Clock& clock) {
  return AskServer(
      {options.http_address, options.api_key, options.root_certificate_path}, signals,
      [&](auto& client, const auto* cancelled) { return Run(options, client, clock, cancelled); });
}

}  // namespace sumac::cli
