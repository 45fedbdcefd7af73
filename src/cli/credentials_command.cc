#include <atomic>
#include <cstdio>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/printable_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/pod_source.h"
#include "cli/query_runner.h"
#include "datasets/runtime.h"

namespace sumac::cli {
namespace {

// Key ids are no secret, and yet nothing to leave in a log as a whole.
std::string Masked(const std::string& access_key_id) {
  constexpr size_t kShown = 4;
  if (access_key_id.size() <= 2 * kShown) return "****";
  return PrintableText(access_key_id.substr(0, kShown), 4 * kShown) + "****" +
         PrintableText(access_key_id.substr(access_key_id.size() - kShown), 4 * kShown);
}

const char* OutcomeWord(aws::SourceReport::Outcome outcome) {
  switch (outcome) {
    case aws::SourceReport::Outcome::kUsed:
      return "used";
    case aws::SourceReport::Outcome::kNotConfigured:
      return "not configured";
    case aws::SourceReport::Outcome::kFailed:
      return "failed";
  }
  return "";
}

void PrintSources(const datasets::AccessReport& report) {
  size_t width = 0;
  for (const auto& source : report.sources) width = std::max(width, source.source.size());
  int number = 0;
  for (const auto& source : report.sources) {
    std::string line = fmt::format("  {}. {:<{}}  {:<14}", ++number, source.source, width,
                                   OutcomeWord(source.outcome));
    if (source.detail != source.source) line += "  " + source.detail;
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  }
}

void PrintReport(const std::string& name, const datasets::AccessReport& report, bool explain) {
  // A region that was asked about is its own name and source.
  if (name == report.region) {
    fmt::print("region {}\n", report.region);
  } else {
    fmt::print("{}: region {} (from {})\n", name, report.region, report.region_source);
  }
  if (explain) PrintSources(report);
  if (!report.credentials) return;
  const auto& credentials = *report.credentials;
  fmt::print(
      "  credentials  {}, access key id {}{}{}\n", credentials.source,
      Masked(credentials.access_key_id),
      credentials.account_id.empty() ? "" : ", account " + credentials.account_id,
      credentials.expires_at
          ? fmt::format(", until {:%Y-%m-%dT%H:%M:%SZ}",
                        fmt::gmtime(std::chrono::system_clock::to_time_t(*credentials.expires_at)))
          : "");
  if (report.endpoint_url) {
    fmt::print("  endpoint     {} (from {})\n", *report.endpoint_url, report.endpoint_source);
  }
}

// Returns whether the dataset has credentials.
bool Explain(datasets::Runtime& runtime, const std::string& name, bool explain,
             const std::atomic<bool>* cancelled) {
  const auto report = runtime.ExplainAccess(name, cancelled);
  if (!report) {
    PrintError(report.error());
    return false;
  }
  PrintReport(name, *report, explain);
  std::fflush(stdout);
  if (!report->credentials) {
    // The list above has said what the message says once more.
    PrintError(explain && report->credentials.error().code == ErrorCode::kUnauthenticated &&
                       report->sources.size() > 1
                   ? UserError(ErrorCode::kUnauthenticated, name + ": no AWS credentials to use")
                   : report->credentials.error());
    return false;
  }
  if (!report->endpoint_url) PrintError(report->endpoint_url.error());
  return report->endpoint_url.has_value();
}

Result<spicepod::Spicepod> PodOf(const CredentialsOptions& options, PodLogging logging) {
  if (!options.region.empty() || !options.profile.empty()) return MakePodForRegion(options);
  auto pod = LoadPod(options.spicepod_path, logging);
  const bool nothing_asked = !options.spicepod_given && options.dataset.empty();
  if (!pod && pod.error().code == ErrorCode::kNotFound && nothing_asked) {
    Error error = pod.error();
    error.message += "; use --region REGION to ask without one";
    return Fail(std::move(error));
  }
  return pod;
}

}  // namespace

int RunCredentialsCommand(const CredentialsOptions& options, PodLogging logging,
                          SignalWatcher& signals) {
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
  std::atomic<bool> cancelled = false;
  signals.OnSignal([&cancelled] { cancelled = true; });
  bool all = true;
  if (!options.dataset.empty()) {
    all = Explain(**runtime, options.dataset, options.explain, &cancelled);
  } else {
    const auto served = (*runtime)->pod();
    for (const auto& dataset : served->datasets) {
      if (cancelled) break;
      // Files have no credentials, so they lack none.
      if (!dataset.from.starts_with("dynamodb")) continue;
      all = Explain(**runtime, dataset.name, options.explain, &cancelled) && all;
    }
  }
  signals.OnSignal({});
  return all && !cancelled ? kExitAnswer : kExitQueryFailed;
}

}  // namespace sumac::cli
