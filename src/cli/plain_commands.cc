#include "cli/plain_commands.h"

#include <CLI/CLI.hpp>

#include "base/printable_text.h"

namespace sumac::cli {
namespace {

constexpr size_t kRefusedBytes = 60;

std::string Refused(const std::string& text) {
  return "'" + PrintableText(text, kRefusedBytes) + "'";
}

}  // namespace

void PlainCommands::AddTo(CLI::App& app) {
  AddValidate(app);
  AddAdd(app);
  AddStatus(app);
  AddCompletion(app);
  version_ = app.add_subcommand("version", "Say which Sumac and which DuckDB this is.");
  version_->footer("Example:\n  sumac version");
}

void PlainCommands::AddValidate(CLI::App& app) {
  validate_ = app.add_subcommand("validate", "Say what is wrong with a Spicepod; uses no network.");
  validate_
      ->add_option("path", validate_options_.spicepod_path,
                   "spicepod.yaml, or the folder it is in (default: this one)")
      ->type_name("PATH");
  validate_->footer(
      "Examples:\n"
      "  sumac validate\n"
      "  sumac validate deploy/spicepod.yaml && sumac run deploy");
}

void PlainCommands::AddAdd(CLI::App& app) {
  add_ = app.add_subcommand("add", "Add a dataset to spicepod.yaml.");
  add_->add_option("from", add_options_.from, "What to read, such as dynamodb:TABLE")
      ->required()
      ->type_name("SOURCE");
  add_->add_option("--name", add_options_.name, "What to call it in SQL (default: TABLE)")
      ->type_name("NAME");
  add_->add_option("--param", parameters_, "Parameter of it (repeatable)")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  add_->add_flag("--accelerate", add_options_.accelerate, "Keep a copy of it in memory");
  add_->add_option("--spicepod", add_options_.spicepod_path,
                   "spicepod.yaml, or the folder it is in (default: this one)")
      ->type_name("PATH");
  add_->footer(
      "Examples:\n"
      "  sumac add dynamodb:users --param dynamodb_aws_region=us-west-2\n"
      "  sumac add dynamodb:prod-orders --name orders --accelerate\n"
      "What is in the file stays as it is, comments too.");
}

void PlainCommands::AddStatus(CLI::App& app) {
  status_ = app.add_subcommand("status", "Say what a running server serves, and if it is ready.");
  status_->add_option("--format", format_, "How to print it (default: text)")
      ->type_name("text|json|csv");
  server_.AddTo(*status_);
  status_->footer(
      "Examples:\n"
      "  sumac status\n"
      "  sumac status --format json --http 127.0.0.1:8091\n"
      "Exits with 0 when every dataset and view can be queried, else with 1.");
}

void PlainCommands::AddCompletion(CLI::App& app) {
  completion_ = app.add_subcommand("completion", "Print a script that completes sumac in a shell.");
  completion_->add_option("shell", shell_, "The shell")->required()->type_name("bash|zsh|fish");
  completion_->footer(
      "Examples:\n"
      "  source <(sumac completion bash)    # in ~/.bashrc\n"
      "  source <(sumac completion zsh)     # in ~/.zshrc, after compinit\n"
      "  sumac completion fish | source     # in ~/.config/fish/config.fish");
}

Result<CommandLine::Command> PlainCommands::MakeStatus() {
  StatusOptions options;
  options.http_address = server_.http_address;
  options.api_key = SecretString(std::move(server_.api_key));
  options.root_certificate_path = server_.root_certificate_path;
  if (format_ == "json") {
    options.format = StatusFormat::kJson;
  } else if (format_ == "csv") {
    options.format = StatusFormat::kCsv;
  } else if (format_ != "text") {
    return Refuse("--format takes text, json or csv, not " + Refused(format_), *status_);
  }
  return options;
}

Result<std::optional<CommandLine::Command>> PlainCommands::Take(const CLI::App& app) {
  std::optional<CommandLine::Command> taken;
  if (status_->parsed()) {
    SUMAC_ASSIGN_OR_RETURN(taken, MakeStatus());
  } else if (validate_->parsed()) {
    taken = validate_options_;
  } else if (add_->parsed()) {
    SUMAC_ASSIGN_OR_RETURN(add_options_.parameters, SplitParameters(parameters_, *add_));
    taken = add_options_;
  } else if (version_->parsed()) {
    taken = VersionOptions{};
  } else if (completion_->parsed()) {
    auto script = CompletionScript(DescribeCommands(app), shell_);
    if (!script) return Refuse(script.error().message, *completion_);
    taken = PrintText{*std::move(script)};
  }
  return taken;
}

}  // namespace sumac::cli
