#include "cli/arguments.h"

#include <CLI/CLI.hpp>

namespace sumac::cli {

void ServerArguments::AddTo(CLI::App& command) {
  // The longer name is that of Spice.
  command.add_option("--http,--http-endpoint", http_address, "Where sumac run listens")
      ->capture_default_str()
      ->type_name("ADDRESS");
  AddKeyTo(command);
}

void ServerArguments::AddKeyTo(CLI::App& command) {
  command.add_option("--api-key", api_key, "Key for the server (default: that of SPICE_API_KEY)")
      ->type_name("KEY");
  command
      .add_option("--tls-root-certificate-file", root_certificate_path,
                  "Certificates to trust for https:// (default: the system's)")
      ->type_name("FILE");
}

tl::unexpected<Error> Refuse(const std::string& message, const CLI::App& command) {
  const std::string help =
      command.get_parent() == nullptr ? "sumac --help" : "sumac " + command.get_name() + " --help";
  return Fail(ErrorCode::kInvalidArgument, message + "; see " + help);
}

Result<std::vector<std::pair<std::string, std::string>>> SplitParameters(
    const std::vector<std::string>& texts, const CLI::App& command) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Refuse("--param takes key=value, not '" + text + "'", command);
    }
    parameters.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return parameters;
}

CompletedCommand DescribeCommands(const CLI::App& app) {
  CompletedCommand command;
  command.name = app.get_name();
  command.description = app.get_description();
  for (const auto* option : app.get_options()) {
    if (option->get_positional()) command.argument = option->get_type_name();
    CompletedOption completed;
    for (const auto& name : option->get_snames()) completed.names.push_back("-" + name);
    for (const auto& name : option->get_lnames()) completed.names.push_back("--" + name);
    if (completed.names.empty()) continue;
    completed.description = option->get_description();
    // A flag expects no value.
    if (option->get_expected_max() > 0) completed.value = option->get_type_name();
    command.options.push_back(std::move(completed));
  }
  for (const auto* inner : app.get_subcommands({})) {
    command.commands.push_back(DescribeCommands(*inner));
  }
  return command;
}

}  // namespace sumac::cli
