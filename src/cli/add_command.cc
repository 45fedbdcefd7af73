#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/pod_source.h"
#include "cli/query_runner.h"
#include "cli/spicepod_edit.h"
#include "datasets/configuration_check.h"
#include "server/observation/task_history_table.h"

namespace sumac::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kAddedBytes = 1'000;

// The file of a Spicepod, which is looked for as other commands do.
Result<fs::path> FindFile(const std::string& path) {
  std::error_code ignored;
  fs::path file = path;
  if (fs::is_directory(file, ignored)) {
    file = fs::path(path) / "spicepod.yaml";
    if (!fs::exists(file, ignored)) file = fs::path(path) / "spicepod.yml";
  }
  if (!fs::exists(file, ignored)) {
    return Fail(ErrorCode::kNotFound, "there is no spicepod.yaml in " + path +
                                          "; run sumac init to write one, or name it with "
                                          "--spicepod");
  }
  return file;
}

Result<std::string> ReadText(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (stream.is_open() && !stream.bad()) return text;
  return Fail(ErrorCode::kNotFound, file.string() + " cannot be read");
}

// As a whole or not at all; a link stays one.
Status WriteText(const fs::path& file, const std::string& text) {
  const auto refuse = [&file](const std::error_code& error) {
    return Fail(ErrorCode::kPermissionDenied,
                file.string() + " cannot be written: " + error.message());
  };
  std::error_code error;
  const fs::path target = fs::canonical(file, error);
  if (error) return refuse(error);
  fs::path beside = target;
  beside += ".new";
  std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) return refuse(std::make_error_code(std::errc::permission_denied));
  fs::permissions(beside, fs::status(target, error).permissions(), error);
  fs::rename(beside, target, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(beside, ignored);
  return refuse(error);
}

// Who can read the file can read what is in it.
void WarnOfSecrets(const AddedDataset& dataset) {
  for (const auto& [key, value] : dataset.parameters) {
    const bool is_secret = key.find("secret") != std::string::npos || key.ends_with("_token");
    if (!is_secret || value.find("${") != std::string::npos) continue;
    std::fputs(fmt::format("warning: parameter '{}' stands in the file as it is; ${{env:NAME}} "
                           "there takes it from the environment\n",
                           key)
                   .c_str(),
               stderr);
  }
}

// What is wrong with the dataset as it stands in the file now.
Status CheckAdded(const fs::path& file, const std::string& name) {
  SUMAC_ASSIGN_OR_RETURN(const auto pod,
                         LoadPod(file.string(), PodLogging{.takes_output_level = false}));
  SUMAC_ASSIGN_OR_RETURN(
      const auto components,
      datasets::CheckConfiguration(pod, ProcessEnvironment(), {server::kTaskHistoryTable}));
  for (const auto& component : components) {
    if (component.name == name) return component.status;
  }
  return {};
}

Status AddToSpicepod(const AddOptions& options) {
  AddedDataset dataset{options.from, options.name, options.parameters, options.accelerate};
  if (options.from.find_first_of(":/") == std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument,
                "add takes connector:path, for example dynamodb:users, not '" + options.from + "'");
  }
  if (dataset.name.empty()) dataset.name = TableNameOf(options.from);
  if (dataset.name.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "'" + options.from + "' names no table");
  }
  SUMAC_ASSIGN_OR_RETURN(const auto file, FindFile(options.spicepod_path));
  SUMAC_ASSIGN_OR_RETURN(const auto text, ReadText(file));
  const std::string folder = file.parent_path().string();
  SUMAC_ASSIGN_OR_RETURN(const auto changed, AddDataset(text, file.filename().string(),
                                                        folder.empty() ? "." : folder, dataset));
  SUMAC_RETURN_IF_ERROR(WriteText(file, changed));
  fmt::print("Added dataset '{}' ({}) to {}.\n", PrintableText(dataset.name, kAddedBytes),
             PrintableText(dataset.from, kAddedBytes), file.filename().string());
  std::fflush(stdout);
  WarnOfSecrets(dataset);
  return CheckAdded(file, dataset.name);
}

}  // namespace

int RunAddCommand(const AddOptions& options) {
  const auto added = AddToSpicepod(options);
  if (added) return kExitAnswer;
  PrintError(added.error());
  return kExitUsage;
}

}  // namespace sumac::cli
