#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/query_runner.h"

namespace sumac::cli {
namespace {

// Names that need no quotes in YAML.
bool IsPlainName(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

std::string Template(const std::string& name) {
  return fmt::format(
      "version: v1\n"
      "kind: Spicepod\n"
      "name: {}\n"
      "\n"
      "# datasets:\n"
      "#   - from: dynamodb:users\n"
      "#     name: users\n"
      "#     params:\n"
      "#       dynamodb_aws_region: us-west-2\n"
      "#     acceleration:\n"
      "#       enabled: true\n",
      name);
}

}  // namespace

int RunInitCommand(const InitOptions& options) {
  namespace fs = std::filesystem;
  const fs::path path = "spicepod.yaml";
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    PrintError(UserError(ErrorCode::kInvalidArgument,
                         "spicepod.yaml is already here; it was left as it is"));
    return kExitUsage;
  }
  std::string name = options.name;
  if (name.empty()) name = fs::current_path(ignored).filename().string();
  if (!IsPlainName(name)) {
    if (!options.name.empty()) {
      PrintError(UserError(ErrorCode::kInvalidArgument,
                           "a name has letters, digits, '-' and '_', not '" + name + "'"));
      return kExitUsage;
    }
    name = "app";
  }
  std::ofstream file(path);
  file << Template(name);
  file.close();
  if (!file) {
    PrintError(UserError(ErrorCode::kInvalidArgument, "spicepod.yaml cannot be written here"));
    return kExitUsage;
  }
  std::fputs("Wrote spicepod.yaml. Put your table in it, then run: sumac sql\n", stdout);
  return kExitAnswer;
}

}  // namespace sumac::cli
