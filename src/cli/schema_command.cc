#include <atomic>
#include <cstdio>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/kind_views.h"
#include "cli/query_runner.h"
#include "cli/schema_report.h"
#include "datasets/runtime.h"

namespace sumac::cli {
namespace {

Result<spicepod::Spicepod> PodOf(const SchemaOptions& options, PodLogging logging) {
  if (options.from.empty()) return LoadPod(options.spicepod_path, logging);
  SqlOptions from;
  from.from = {options.from};
  from.name = options.name;
  from.parameters = options.parameters;
  return MakePod(from);
}

void Print(const SchemaOptions& options, const std::string& name, const spicepod::Spicepod& pod,
           const datasets::TableInspection& table) {
  if (!options.views) {
    std::fputs(MakeSchemaReport(name, table).c_str(), stdout);
    return;
  }
  std::vector<std::string> taken;
  for (const auto& dataset : pod.datasets) taken.push_back(dataset.name);
  for (const auto& view : pod.views) taken.push_back(view.name);
  const auto views = MakeKindViews(name, table, taken);
  std::fputs(views.yaml.c_str(), stdout);
  for (const auto& note : views.notes) fmt::print(stderr, "note: {}\n", note);
}

}  // namespace

int RunSchemaCommand(const SchemaOptions& options, PodLogging logging, SignalWatcher& signals) {
  auto pod = PodOf(options, logging);
  if (!pod) {
    PrintError(pod.error());
    return kExitUsage;
  }
  datasets::RuntimeOptions runtime_options;
  runtime_options.environment = ProcessEnvironment();
  auto runtime = datasets::Runtime::Create(*std::move(pod), std::move(runtime_options));
  if (!runtime) {
    PrintError(runtime.error());
    return kExitUsage;
  }
  // A pod made from --from has one dataset, which may have got its name from the table.
  const std::string name =
      options.from.empty() ? options.name : (*runtime)->pod()->datasets.front().name;
  std::atomic<bool> cancelled = false;
  signals.OnSignal([&cancelled] { cancelled = true; });
  const auto table = (*runtime)->Inspect(
      name, {.items_max = options.items_max, .as_dataset = !options.records_given}, &cancelled);
  signals.OnSignal({});
  if (!table) {
    PrintError(table.error());
    return kExitQueryFailed;
  }
  Print(options, name, *(*runtime)->pod(), *table);
  return kExitAnswer;
}

}  // namespace sumac::cli
