// Scripts that complete the program's command line in a shell.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace sumac::cli {

struct CompletedOption {
  std::vector<std::string> names;  // "-c", "--command"
  std::string description;
  // What --help calls its value: "FILE" and "PATH" complete to files, "csv|json" to these words;
  // empty when it takes none.
  std::string value;
};

// The program, or one of its commands.
struct CompletedCommand {
  std::string name;
  std::string description;
  std::vector<CompletedOption> options;
  std::string argument;  // as CompletedOption::value; empty when it takes none
  std::vector<CompletedCommand> commands;
};

// `shell` is bash, zsh or fish, else the error is kInvalidArgument. REQUIRES: names are plain
// words; descriptions are lines.
Result<std::string> CompletionScript(const CompletedCommand& program, const std::string& shell);

}  // namespace sumac::cli
