#include "cli/pod_source.h"

#include <algorithm>
#include <set>

#include <unistd.h>

#include "base/log.h"

namespace sumac::cli {
namespace {

// "data" for a file data.csv.gz, "sales" for files of a folder sales.
std::string TableNameOfFiles(std::string path) {
  // The folder in which files are that match a pattern.
  const size_t special = path.find_first_of("*?[");
  if (special != std::string::npos) path.erase(path.rfind('/', special) + 1);
  while (path.ends_with('/')) path.pop_back();
  std::string name = path.substr(path.rfind('/') + 1);
  for (const char* extension : {".gz", ".zst"}) {
    if (name.ends_with(extension)) name.erase(name.rfind('.'));
  }
  const size_t dot = name.rfind('.');
  if (dot != std::string::npos && dot > 0) name.erase(dot);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

}  // namespace

std::string TableNameOf(const std::string& from) {
  std::string name = from.substr(from.find_first_of(":/") + 1);
  if (from.starts_with("file:") || from.starts_with("file/")) return TableNameOfFiles(name);
  while (name.starts_with('/')) name.erase(0, 1);
  // Of a table's ARN, the table.
  const size_t slash = name.rfind('/');
  if (slash != std::string::npos) name.erase(0, slash + 1);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

Result<spicepod::Spicepod> LoadPod(const std::string& path, PodLogging logging,
                                   std::vector<std::string>* files) {
  SUMAC_ASSIGN_OR_RETURN(auto loaded, spicepod::LoadSpicepod(path, files));
  const auto level = loaded.pod.runtime.output_level;
  if (level && logging.takes_output_level) SetLogLevel(*level);
  for (const auto& diagnostic : loaded.diagnostics) LogWarningOnce(diagnostic.ToString());
  return std::move(loaded.pod);
}

Result<spicepod::Spicepod> MakePod(const SqlOptions& options) {
  spicepod::Spicepod pod;
  pod.name = "command line";
  std::set<std::string> names;
  for (const auto& from : options.from) {
    if (from.find_first_of(":/") == std::string::npos) {
      return Fail(ErrorCode::kInvalidArgument,
                  "--from takes connector:path, for example dynamodb:users, not '" + from + "'");
    }
    spicepod::Dataset dataset;
    dataset.location.file = "--from " + from;
    dataset.from = from;
    dataset.name = options.name.empty() ? TableNameOf(from) : options.name;
    if (dataset.name.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "--from '" + from + "' names no table");
    }
    if (!names.insert(dataset.name).second) {
      return Fail(ErrorCode::kInvalidArgument,
                  "--from names the table '" + dataset.name + "' twice");
    }
    int number = 0;
    for (const auto& [key, value] : options.parameters) {
      // A place of its own for each, as in a file.
      const spicepod::Location location{"--param " + key, 0, ++number};
      dataset.params.emplace_back(key, spicepod::ParameterValue{value, location});
    }
    pod.datasets.push_back(std::move(dataset));
  }
  return pod;
}

spicepod::Spicepod MakePodForRegion(const CredentialsOptions& options) {
  spicepod::Dataset dataset;
  dataset.from = "dynamodb:";
  dataset.name = options.region.empty() ? "profile " + options.profile : options.region;
  const auto add = [&](const char* key, const char* flag, const std::string& value) {
    if (value.empty()) return;
    dataset.params.emplace_back(key, spicepod::ParameterValue{value, {flag, 0, 0}});
  };
  add("dynamodb_aws_region", "--region", options.region);
  add("dynamodb_aws_profile", "--profile", options.profile);
  spicepod::Spicepod pod;
  pod.name = "command line";
  pod.datasets.push_back(std::move(dataset));
  return pod;
}

Environment ProcessEnvironment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

}  // namespace sumac::cli
