#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/query_runner.h"
#include "net/curl_transport.h"
#include "server/client/server_client.h"

namespace sumac::cli {
namespace {

constexpr size_t kShownBytes = 1'000;

std::string Shown(const std::string& text) {
  return PrintableText(text, kShownBytes);
}

// A line per dataset, columns aligned; the reason of a failure stands last.
void PrintDatasets(const std::vector<server::ListedDataset>& datasets) {
  std::vector<std::array<std::string, 4>> lines = {{"name", "from", "state", ""}};
  for (const auto& dataset : datasets) {
    lines.push_back({Shown(dataset.name), Shown(dataset.from), Shown(dataset.state),
                     Shown(dataset.error_message)});
  }
  std::array<size_t, 3> widths = {};
  for (const auto& line : lines) {
    for (size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (const auto& line : lines) {
    std::string text;
    for (size_t i = 0; i < widths.size(); ++i) {
      text += fmt::format("{:<{}}  ", line[i], widths[i]);
    }
    text += line[3];
    text.erase(text.find_last_not_of(' ') + 1);
    fmt::print("{}\n", text);
  }
}

void PrintRefresh(const server::RefreshedSchema& refreshed) {
  fmt::print("{}\n", Shown(refreshed.message));
  for (const auto& column : refreshed.change.added) fmt::print("  + {}\n", Shown(column));
  for (const auto& column : refreshed.change.removed) fmt::print("  - {}\n", Shown(column));
  for (const auto& column : refreshed.change.changed_types) {
    fmt::print("  {}: {} -> {}\n", Shown(column.column), Shown(column.from), Shown(column.to));
  }
}

Status Run(const DatasetsOptions& options, const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(auto transport, net::CurlTransport::Create({}));
  SUMAC_ASSIGN_OR_RETURN(auto client,
                         server::ServerClient::Create(transport, options.http_address));
  if (options.refresh_schema.empty()) {
    SUMAC_ASSIGN_OR_RETURN(const auto datasets, client.Datasets(cancelled));
    PrintDatasets(datasets);
    return {};
  }
  SUMAC_ASSIGN_OR_RETURN(const auto refreshed,
                         client.RefreshSchema(options.refresh_schema, cancelled));
  PrintRefresh(refreshed);
  return {};
}

}  // namespace

int RunDatasetsCommand(const DatasetsOptions& options, SignalWatcher& signals) {
  std::atomic<bool> cancelled = false;
  signals.OnSignal([&cancelled] { cancelled = true; });
  const auto done = Run(options, &cancelled);
  signals.OnSignal({});
  if (done) return kExitAnswer;
  PrintError(done.error());
  return done.error().code == ErrorCode::kInvalidArgument ? kExitUsage : kExitQueryFailed;
}

}  // namespace sumac::cli
