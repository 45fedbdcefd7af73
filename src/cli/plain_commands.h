// The arguments of commands that have few: validate, add, status, version,
// completion. Internal to the parsing of
// the command line.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/command_line.h"

namespace sumac::cli {

class PlainCommands {
 public:
  // What refers to this object until the arguments are parsed.
  void AddTo(CLI::App& app);

  // The options of the command that was parsed; nothing when it was none of these. Error
  // kInvalidArgument, one line.
  Result<std::optional<CommandLine::Command>> Take(const CLI::App& app);

 private:
  void AddValidate(CLI::App& app);
  void AddAdd(CLI::App& app);
  void AddStatus(CLI::App& app);
  void AddCompletion(CLI::App& app);
  Result<CommandLine::Command> MakeStatus();

  CLI::App* version_ = nullptr;
  CLI::App* validate_ = nullptr;
  CLI::App* add_ = nullptr;
  CLI::App* status_ = nullptr;
  CLI::App* completion_ = nullptr;
  ValidateOptions validate_options_;
  AddOptions add_options_;
  std::vector<std::string> parameters_;
  ServerArguments server_;
  std::string format_ = "text";
  std::string shell_;
};

}  // namespace sumac::cli
