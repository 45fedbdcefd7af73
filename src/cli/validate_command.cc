#include <algorithm>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/pod_source.h"
#include "cli/query_runner.h"
#include "datasets/configuration_check.h"
#include "server/observation/task_history_table.h"
#include "server/security/api_keys.h"
#include "server/security/tls_certificates.h"

namespace sumac::cli {
namespace {

using datasets::CheckedComponent;

constexpr size_t kComponentBytes = 1'000;
constexpr size_t kFaultBytes = 4'000;

std::string Right(const CheckedComponent& component) {
  if (component.kind == CheckedComponent::Kind::kDataset) {
    return fmt::format("ok: dataset '{}' ({})", PrintableText(component.name, kComponentBytes),
                       PrintableText(component.from, kComponentBytes));
  }
  std::string uses;
  for (const auto& table : component.uses) {
    uses += (uses.empty() ? " over " : ", ") +
            PrintableText(table.starts_with("public.") ? table.substr(7) : table, kComponentBytes);
  }
  return fmt::format("ok: view '{}'{}", PrintableText(component.name, kComponentBytes), uses);
}

std::string Counted(size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// Prints a line for each and returns how many are wrong.
size_t PrintComponents(const std::vector<CheckedComponent>& components) {
  size_t faults = 0;
  for (const auto& component : components) {
    if (component.status) {
      fmt::print("{}\n", Right(component));
      continue;
    }
    ++faults;
    Error error = component.status.error();
    const std::string at = component.location.ToString();
    if (!error.message.starts_with(at)) error.message = at + ": " + error.message;
    // A name can have what is no line.
    error.message = PrintableText(error.message, kFaultBytes);
    // In their order, where both go to one terminal.
    std::fflush(stdout);
    PrintError(error);
  }
  return faults;
}

// What `sumac run` needs before it serves.
size_t PrintServingFaults(const spicepod::Spicepod& pod) {
  const auto environment = ProcessEnvironment();
  size_t faults = 0;
  const auto print = [&faults](const auto& loaded) {
    if (loaded) return;
    ++faults;
    std::fflush(stdout);
    PrintError(loaded.error());
  };
  print(server::LoadApiKeys(pod, environment));
  print(server::LoadTlsCertificates(pod, environment, {}, std::make_shared<SystemClock>()));
  return faults;
}

}  // namespace

int RunValidateCommand(const ValidateOptions& options) {
  // A Spicepod must not silence what is said of it.
  const auto pod = LoadPod(options.spicepod_path, PodLogging{.takes_output_level = false});
  if (!pod) {
    PrintError(pod.error());
    return kExitUsage;
  }
  const auto components =
      datasets::CheckConfiguration(*pod, ProcessEnvironment(), {server::kTaskHistoryTable});
  if (!components) {
    PrintError(components.error());
    return kExitUsage;
  }
  const size_t faults = PrintComponents(*components) + PrintServingFaults(*pod);
  fmt::print("{}, {}: {}\n", Counted(pod->datasets.size(), "dataset"),
             Counted(pod->views.size(), "view"),
             faults == 0 ? "nothing is wrong" : Counted(faults, "fault"));
  return faults == 0 ? kExitAnswer : kExitUsage;
}

}  // namespace sumac::cli
