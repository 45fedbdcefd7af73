#include "cli/command_line.h"

#include <charconv>

#include <CLI/CLI.hpp>

#include "base/nearest_name.h"
#include "base/printable_text.h"
#include "cli/arguments.h"
#include "cli/plain_commands.h"
#include "spicepod/value_text.h"
#include "sumac_version.h"

namespace sumac::cli {
namespace {

using engine::ResultFormat;

constexpr size_t kShownTextBytes = 60;

// The arguments in CLI11's terms. Lives while parsing only.
struct Parser {
  Parser() : app("Fast, federated SQL over Amazon DynamoDB.", "sumac") {
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", std::string("sumac ") + SUMAC_VERSION);
    app.footer(
        "Examples:\n"
        "  sumac sql -c \"SELECT count(*) FROM users\"\n"
        "  sumac sql --from dynamodb:users --param dynamodb_aws_region=us-west-2\n"
        "  sumac run --http 127.0.0.1:8090\n"
        "See sumac COMMAND --help for a command's options.");
    AddSql();
    AddRun();
    init = app.add_subcommand("init", "Write a spicepod.yaml to start from.");
    init->add_option("name", init_options.name, "Name of the Spicepod (default: the folder's)")
        ->type_name("NAME");
    AddCredentials();
    AddSchema();
    AddDatasets();
    AddRefresh();
    plain.AddTo(app);
    for (auto* command : app.get_subcommands({})) {
      command->add_option("--log-level", log_level, "How much to say on stderr")
          ->type_name("error|warn|info|debug|trace");
    }
    init->footer(
        "Writes ./spicepod.yaml; an existing file stays as it is.\n\n"
        "Examples:\n  sumac init\n  sumac init shop");
  }

  void AddSql() {
    sql = app.add_subcommand("sql", "Answer SQL in this process; without -c and -f, a prompt.");
    auto* command = sql->add_option("-c,--command", sql_command, "SQL to run");
    auto* file = sql->add_option("-f,--file", sql_file, "File of SQL to run; - is standard input");
    command->excludes(file)->type_name("SQL");
    file->type_name("FILE");
    auto* pod = sql->add_option("--spicepod", sql_options.spicepod_path,
                                "spicepod.yaml, or the folder it is in (default: this one)");
    auto* from =
        sql->add_option("--from", sql_options.from,
                        "Query this without a Spicepod: dynamodb:TABLE, file:PATH (repeatable)");
    pod->type_name("PATH");
    from->allow_extra_args(false)->excludes(pod)->type_name("SOURCE");
    sql->add_option("--name", sql_options.name, "Table name for --from (default: TABLE)")
        ->needs(from)
        ->type_name("NAME");
    sql->add_option("--param", parameters, "Parameter for --from (repeatable)")
        ->needs(from)
        ->allow_extra_args(false)
        ->type_name("KEY=VALUE");
    sql->add_option("--format", format, "How to print rows (default: table)")
        ->type_name("table|csv|json|jsonl");
    sql->add_option("--timeout", timeout, "End a statement that takes longer, such as 30s")
        ->type_name("DURATION");
    auto* on =
        sql->add_flag("--progress", progress, "Say every 5 seconds on stderr how far a query is");
    sql->add_flag("--no-progress", no_progress, "Show no progress on the terminal")->excludes(on);
    auto* requests = sql->add_flag("--explain-requests", sql_options.explain_requests,
                                   "List on stderr each call of DynamoDB and what it cost");
    // The names are those of Spice.
    sql->add_option("--endpoint,--http-endpoint", sql_options.endpoint,
                    "Have the sumac run that listens there answer: http://HOST:PORT")
        ->excludes(pod)
        ->excludes(from)
        ->excludes(requests)
        ->excludes(on)
        ->type_name("ADDRESS");
    sql_server.AddKeyTo(*sql);
    sql->add_flag("-v,--verbose", verbose, "Say on stderr what is being done");
    sql->footer(
        "Examples:\n"
        "  sumac sql -c \"SELECT count(*) FROM users\"\n"
        "  sumac sql --format csv -f report.sql >report.csv\n"
        "  sumac sql --from dynamodb:users --param dynamodb_aws_region=us-west-2\n"
        "  sumac sql --endpoint http://127.0.0.1:8090 -c \"SELECT count(*) FROM users\"");
  }

  void AddRun() {
    run = app.add_subcommand("run", "Serve a Spicepod over HTTP and Arrow Flight SQL.");
    run->add_option("path", run_options.spicepod_path,
                    "spicepod.yaml, or the folder it is in (default: this one)")
        ->type_name("PATH");
    run->add_option("--http,--http-endpoint", run_options.http_address, "Address to listen on")
        ->capture_default_str()
        ->type_name("HOST:PORT");
    run->add_option("--flight,--flight-endpoint", run_options.flight_address,
                    "Address to serve Arrow Flight SQL on; off for none")
        ->capture_default_str()
        ->type_name("HOST:PORT");
    run->add_option(
           "--metrics,--metrics-endpoint", run_options.metrics_address,
           "Address to serve Prometheus metrics on, such as 127.0.0.1:9090 (default: none)")
        ->type_name("HOST:PORT");
    AddTls();
    // The longer name is that of Spice.
    run->add_flag("--pods-watcher,--pods-watcher-enabled", run_options.watches_pod,
                  "Take over a changed Spicepod; without it, when SIGHUP comes");
    run->add_option("--log-format", log_format, "text or json, an object a line (default: text)")
        ->type_name("FORMAT");
    run->add_flag("-v,--verbose", verbose, "Log more");
    run->footer(
        "Examples:\n"
        "  sumac run\n"
        "  curl --data \"SELECT count(*) FROM users\" http://127.0.0.1:8090/v1/sql");
  }

  // The names are those of Spice.
  void AddTls() {
    auto& tls = run_options.tls;
    run->add_option("--tls-enabled", tls.enabled,
                    "Whether to serve over TLS (default: with a certificate, or as the Spicepod)")
        ->type_name("BOOLEAN");
    run->add_option("--tls-certificate-file", tls.certificate_file, "Certificate chain, PEM")
        ->type_name("FILE");
    run->add_option("--tls-key-file", tls.key_file, "Its private key, PEM")->type_name("FILE");
    run->add_option("--tls-certificate", tls.certificate, "The certificate chain itself")
        ->type_name("PEM");
    run->add_option("--tls-key", tls.key, "The private key itself; others can see it in ps")
        ->type_name("PEM");
  }

  void AddCredentials() {
    credentials = app.add_subcommand("credentials", "Say which AWS credentials are used.");
    auto& options = credentials_options;
    credentials->add_flag("--explain", options.explain, "Say what every source answered");
    auto* dataset = credentials->add_option("--dataset", options.dataset,
                                            "As this dataset finds them (default: every one)");
    auto* pod =
        credentials->add_option("--spicepod", options.spicepod_path,
                                "spicepod.yaml, or the folder it is in (default: this one)");
    auto* region = credentials->add_option("--region", options.region,
                                           "For this AWS region, without a Spicepod");
    auto* profile = credentials->add_option("--profile", options.profile,
                                            "Of this profile, without a Spicepod");
    dataset->type_name("NAME");
    pod->type_name("PATH");
    region->excludes(dataset)->excludes(pod)->type_name("REGION");
    profile->excludes(dataset)->excludes(pod)->type_name("PROFILE");
    credentials->footer(
        "Examples:\n"
        "  sumac credentials --explain --dataset users\n"
        "  sumac credentials --explain --region us-west-2\n"
        "No secret is shown: only the access key id and where it comes from.");
  }

  void AddSchema() {
    schema = app.add_subcommand("schema", "Say what is in a table: attributes, types, entities.");
    auto& options = schema_options;
    schema->add_option("name", options.name, "The dataset")->type_name("NAME");
    schema->add_option("--records", records, "Items to read (default: as many as the dataset)")
        ->type_name("N|all");
    schema->add_flag("--views", options.views,
                     "Print views for the Spicepod, one per kind of entity");
    auto* pod = schema->add_option("--spicepod", options.spicepod_path,
                                   "spicepod.yaml, or the folder it is in (default: this one)");
    auto* from =
        schema->add_option("--from", options.from, "Read this without a Spicepod: dynamodb:TABLE");
    pod->type_name("PATH");
    from->excludes(pod)->type_name("SOURCE");
    schema->add_option("--param", parameters, "Parameter for --from (repeatable)")
        ->needs(from)
        ->allow_extra_args(false)
        ->type_name("KEY=VALUE");
    schema->footer(
        "Examples:\n"
        "  sumac schema app --records all\n"
        "  sumac schema app --views >>spicepod.yaml\n"
        "  sumac schema --from dynamodb:app --param dynamodb_aws_region=us-west-2");
  }

  void AddDatasets() {
    datasets = app.add_subcommand("datasets", "List or refresh the datasets of a running server.");
    server.AddTo(*datasets);
    refresh_schema = datasets->add_subcommand(
        "refresh-schema", "Bring a dataset's columns up to date with its items.");
    refresh_schema->fallthrough();
    refresh_schema->add_option("name", datasets_options.refresh_schema, "The dataset")
        ->required()
        ->type_name("NAME");
    datasets->require_subcommand(0, 1);
    datasets->footer(
        "Examples:\n"
        "  sumac datasets\n"
        "  sumac datasets refresh-schema users\n"
        "  sumac datasets --http 127.0.0.1:8091");
  }

  void AddRefresh() {
    refresh = app.add_subcommand("refresh", "Refresh the copy of an accelerated dataset.");
    auto& options = refresh_options;
    refresh->add_option("name", options.name, "The dataset")->required()->type_name("NAME");
    // The longer names are those of Spice.
    refresh
        ->add_option("--sql,--refresh-sql", refresh_sql,
                     "Copy what this query selects (default: as the Spicepod says)")
        ->type_name("SQL");
    refresh
        ->add_option("--mode,--refresh-mode", refresh_mode,
                     "How to refresh (default: as the Spicepod says)")
        ->type_name("full|append");
    refresh->add_flag("--wait", options.wait, "Wait until it is done or has failed");
    server.AddTo(*refresh);
    refresh->footer(
        "Examples:\n"
        "  sumac refresh users\n"
        "  sumac refresh users --wait\n"
        "  sumac refresh users --sql \"SELECT * FROM users WHERE region = 'eu'\"");
  }

  CLI::App app;
  CLI::App* sql = nullptr;
  CLI::App* run = nullptr;
  CLI::App* init = nullptr;
  CLI::App* credentials = nullptr;
  CLI::App* schema = nullptr;
  CLI::App* datasets = nullptr;
  CLI::App* refresh_schema = nullptr;
  CLI::App* refresh = nullptr;
  SqlOptions sql_options;
  RunOptions run_options;
  InitOptions init_options;
  CredentialsOptions credentials_options;
  SchemaOptions schema_options;
  std::string records;
  DatasetsOptions datasets_options;
  RefreshOptions refresh_options;
  ServerArguments server;
  ServerArguments sql_server;  // no default address
  PlainCommands plain;
  std::string refresh_sql;
  std::string refresh_mode;
  std::string sql_command;
  std::string sql_file;
  std::vector<std::string> parameters;
  std::string format;
  std::string timeout;
  std::string log_level;
  std::string log_format = "text";
  bool progress = false;
  bool no_progress = false;
  bool verbose = false;
};

const CLI::App& Chosen(const Parser& parser) {
  const auto parsed = parser.app.get_subcommands();
  return parsed.empty() ? parser.app : *parsed.front();
}

std::vector<std::string> KnownNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    for (const auto& name : option->get_snames()) names.push_back("-" + name);
  }
  for (const auto* inner : command.get_subcommands({})) names.push_back(inner->get_name());
  return names;
}

// The first argument that no option of the command took.
std::string FirstExtra(const CLI::App& app, const CLI::App& command) {
  for (const auto* holder : {&command, &app}) {
    const auto extras = holder->remaining(true);
    if (!extras.empty()) return extras.front();
  }
  return "";
}

Result<ResultFormat> ParseFormat(const std::string& text, const CLI::App& command) {
  if (text == "table") return ResultFormat::kTable;
  if (text == "csv") return ResultFormat::kCsv;
  if (text == "json") return ResultFormat::kJson;
  if (text == "jsonl") return ResultFormat::kJsonLines;
  return Refuse("--format takes table, csv, json or jsonl, not '" + text + "'", command);
}

Result<SchemaOptions> MakeSchemaOptions(Parser& parser) {
  SchemaOptions options = std::move(parser.schema_options);
  const auto& command = *parser.schema;
  if (options.name.empty() && options.from.empty()) {
    return Refuse("schema takes the name of a dataset, or --from", command);
  }
  SUMAC_ASSIGN_OR_RETURN(options.parameters, SplitParameters(parser.parameters, command));
  options.records_given = command.count("--records") > 0;
  if (!options.records_given || parser.records == "all") return options;
  uint64_t records = 0;
  const char* end = parser.records.data() + parser.records.size();
  const auto [at, error] = std::from_chars(parser.records.data(), end, records);
  if (error != std::errc() || at != end || records == 0) {
    return Refuse("--records takes a number from 1 or 'all', not '" + parser.records + "'",
                  command);
  }
  options.items_max = records;
  return options;
}

Result<SqlOptions> MakeSqlOptions(Parser& parser) {
  SqlOptions options = std::move(parser.sql_options);
  const auto& command = *parser.sql;
  if (command.count("--command") > 0) options.command = parser.sql_command;
  if (command.count("--file") > 0) options.file = parser.sql_file;
  options.spicepod_given = command.count("--spicepod") > 0;
  if (command.count("--format") > 0) {
    SUMAC_ASSIGN_OR_RETURN(options.format, ParseFormat(parser.format, command));
  }
  SUMAC_ASSIGN_OR_RETURN(options.parameters, SplitParameters(parser.parameters, command));
  if (command.count("--timeout") > 0) {
    options.timeout = spicepod::ParseTimeLimit(parser.timeout);
    if (!options.timeout) {
      return Refuse("--timeout takes " + std::string(spicepod::kTimeLimitTakes) + ", not '" +
                        PrintableText(parser.timeout, kShownTextBytes) + "'",
                    command);
    }
  }
  if (command.count("--endpoint") > 0 && options.endpoint.empty()) {
    return Refuse("--endpoint takes an address, such as http://127.0.0.1:8090", command);
  }
  options.api_key = SecretString(std::move(parser.sql_server.api_key));
  options.root_certificate_path = parser.sql_server.root_certificate_path;
  if (parser.progress) options.progress = true;
  if (parser.no_progress) options.progress = false;
  if (!options.name.empty() && options.from.size() > 1) {
    return Refuse("--name needs a single --from", command);
  }
  return options;
}

Result<RefreshOptions> MakeRefreshOptions(Parser& parser) {
  RefreshOptions options = std::move(parser.refresh_options);
  options.http_address = parser.server.http_address;
  options.api_key = SecretString(std::move(parser.server.api_key));
  options.root_certificate_path = parser.server.root_certificate_path;
  const auto& command = *parser.refresh;
  if (command.count("--sql") > 0) options.refresh_sql = parser.refresh_sql;
  if (command.count("--mode") == 0) return options;
  if (parser.refresh_mode != "full" && parser.refresh_mode != "append") {
    return Refuse("--mode takes full or append, not '" +
                      PrintableText(parser.refresh_mode, kShownTextBytes) + "'",
                  command);
  }
  options.refresh_mode = parser.refresh_mode;
  return options;
}

Result<std::optional<LogLevel>> ChooseLogLevel(const Parser& parser) {
  if (!parser.log_level.empty()) {
    const auto level = ParseLogLevel(parser.log_level);
    if (level) return level;
    return Refuse(
        "--log-level takes error, warn, info, debug or trace, not '" + parser.log_level + "'",
        Chosen(parser));
  }
  if (!parser.verbose) return std::optional<LogLevel>();
  // A server says what it does anyway; more than that is its details.
  return std::optional<LogLevel>(parser.run->parsed() ? LogLevel::kDebug : LogLevel::kInfo);
}

}  // namespace

Result<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments) {
  Parser parser;
  try {
    // CLI11 takes them last first.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    parser.app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return CommandLine{PrintText{parser.app.help()}, std::nullopt};
  } catch (const CLI::CallForVersion& version) {
    return CommandLine{PrintText{std::string(version.what()) + "\n"}, std::nullopt};
  } catch (const CLI::ExtrasError&) {
    const auto& command = Chosen(parser);
    const std::string extra = FirstExtra(parser.app, command);
    std::string message = "unknown argument '" + extra + "'";
    if (const auto nearest = NearestName(extra.substr(0, extra.find('=')), KnownNames(command))) {
      message += "; did you mean '" + *nearest + "'?";
    }
    return Refuse(message, command);
  } catch (const CLI::ParseError& error) {
    return Refuse(error.what(), Chosen(parser));
  }
  CommandLine line;
  line.log_json = parser.log_format == "json";
  if (!line.log_json && parser.log_format != "text") {
    return Refuse("--log-format takes text or json, not '" +
                      PrintableText(parser.log_format, kShownTextBytes) + "'",
                  *parser.run);
  }
  SUMAC_ASSIGN_OR_RETURN(line.log_level, ChooseLogLevel(parser));
  if (parser.sql->parsed()) {
    SUMAC_ASSIGN_OR_RETURN(line.command, MakeSqlOptions(parser));
  } else if (parser.run->parsed()) {
    line.command = parser.run_options;
  } else if (parser.init->parsed()) {
    line.command = parser.init_options;
  } else if (parser.credentials->parsed()) {
    parser.credentials_options.spicepod_given = parser.credentials->count("--spicepod") > 0;
    line.command = parser.credentials_options;
  } else if (parser.schema->parsed()) {
    SUMAC_ASSIGN_OR_RETURN(line.command, MakeSchemaOptions(parser));
  } else if (parser.datasets->parsed()) {
    parser.datasets_options.http_address = parser.server.http_address;
    parser.datasets_options.api_key = SecretString(std::move(parser.server.api_key));
    parser.datasets_options.root_certificate_path = parser.server.root_certificate_path;
    line.command = parser.datasets_options;
  } else if (parser.refresh->parsed()) {
    SUMAC_ASSIGN_OR_RETURN(line.command, MakeRefreshOptions(parser));
  } else {
    SUMAC_ASSIGN_OR_RETURN(auto taken, parser.plain.Take(parser.app));
    line.command = taken ? *std::move(taken) : PrintText{parser.app.help()};
  }
  return line;
}

}  // namespace sumac::cli
