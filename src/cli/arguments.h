// What the arguments of several commands have in common. Internal to the parsing of the command
// line.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/completion_script.h"

namespace CLI {
class App;
}  // namespace CLI

namespace sumac::cli {

// Where a running server is and what it takes to ask it.
struct ServerArguments {
  void AddTo(CLI::App& command);
  // Of those, what does not say where it is.
  void AddKeyTo(CLI::App& command);

  std::string http_address = "http://127.0.0.1:8090";
  std::string api_key;
  std::string root_certificate_path;
};

// One line that says where help is.
tl::unexpected<Error> Refuse(const std::string& message, const CLI::App& command);

// "key=value" of --param.
Result<std::vector<std::pair<std::string, std::string>>> SplitParameters(
    const std::vector<std::string>& texts, const CLI::App& command);

// The commands and options as the parser knows them.
CompletedCommand DescribeCommands(const CLI::App& app);

}  // namespace sumac::cli
