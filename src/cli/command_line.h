// The program's arguments as a struct.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/secret_string.h"
#include "engine/results/result_writer.h"
#include "server/security/tls_certificates.h"

namespace sumac::cli {

struct SqlOptions {
  std::optional<std::string> command;  // -c
  std::optional<std::string> file;     // -f; "-" is standard input
  std::string spicepod_path = ".";
  bool spicepod_given = false;
  std::optional<engine::ResultFormat> format;  // the default depends on where the answer goes
  std::vector<std::string> from;               // "dynamodb:users"
  std::string name;                            // of the only --from
  std::vector<std::pair<std::string, std::string>> parameters;
  // Of loading, and of each statement.
  std::optional<std::chrono::milliseconds> timeout;
  // --progress, --no-progress; absent: where stderr can be drawn on.
  std::optional<bool> progress;
  bool explain_requests = false;
  // Of a server that answers instead of this process; empty: this process.
  std::string endpoint;
  SecretString api_key;  // for it; empty: that of SPICE_API_KEY
  // Certificates to trust instead of the system's; empty: the system's.
  std::string root_certificate_path;
};

struct RunOptions {
  std::string spicepod_path = ".";
  std::string http_address = "127.0.0.1:8090";
  std::string flight_address = "127.0.0.1:50051";  // "off": it is not served
  std::string metrics_address;                     // empty: none are served
  server::TlsOverrides tls;
  // Takes a Spicepod over when its files change.
  bool watches_pod = false;
};

struct InitOptions {
  std::string name;  // empty: that of the folder
};

struct CredentialsOptions {
  std::string spicepod_path = ".";
  bool spicepod_given = false;
  std::string dataset;  // empty: every dataset, or none when a region is given
  std::string region;   // of no dataset
  std::string profile;
  // Says what every source answered, not only which one won.
  bool explain = false;
};

struct SchemaOptions {
  std::string spicepod_path = ".";
  std::string name;  // of the dataset; may be empty with `from`
  std::string from;  // "dynamodb:users", without a Spicepod
  std::vector<std::pair<std::string, std::string>> parameters;
  // Items to read at most, absent for all; without --records, as many as the dataset reads itself.
  std::optional<uint64_t> items_max;
  bool records_given = false;
  // Prints views for the Spicepod instead of the report.
  bool views = false;
};

// Asks a running `sumac run`.
struct DatasetsOptions {
  std::string http_address = "http://127.0.0.1:8090";
  SecretString api_key;  // empty: that of SPICE_API_KEY
  // Certificates to trust instead of the system's; empty: the system's.
  std::string root_certificate_path;
  // The dataset whose schema is to be refreshed; empty: lists the datasets.
  std::string refresh_schema;
};

// Asks a running `sumac run`, too.
struct RefreshOptions {
  std::string http_address = "http://127.0.0.1:8090";
  SecretString api_key;  // empty: that of SPICE_API_KEY
  // Certificates to trust instead of the system's; empty: the system's.
  std::string root_certificate_path;
  std::string name;  // of the dataset
  // What the Spicepod says unless given; the mode is "full" or "append".
  std::optional<std::string> refresh_sql;
  std::optional<std::string> refresh_mode;
  // Until the copy is refreshed, or is not.
  bool wait = false;
};

enum class StatusFormat { kText, kJson, kCsv };

// And again.
struct StatusOptions {
  std::string http_address = "http://127.0.0.1:8090";
  SecretString api_key;  // empty: that of SPICE_API_KEY
  // Certificates to trust instead of the system's; empty: the system's.
  std::string root_certificate_path;
  StatusFormat format = StatusFormat::kText;
};

struct ValidateOptions {
  std::string spicepod_path = ".";
};

struct AddOptions {
  std::string from;  // "dynamodb:users"
  std::string name;  // empty: the table's
  std::vector<std::pair<std::string, std::string>> parameters;
  bool accelerate = false;
  std::string spicepod_path = ".";
};

struct VersionOptions {};

// Text to print and leave: help, the version.
struct PrintText {
  std::string text;
};

struct CommandLine {
  using Command = std::variant<SqlOptions, RunOptions, InitOptions, CredentialsOptions,
                               SchemaOptions, DatasetsOptions, RefreshOptions, StatusOptions,
                               ValidateOptions, AddOptions, VersionOptions, PrintText>;
  Command command;
  // Of --log-level or -v; absent: SUMAC_LOG, the Spicepod's output_level, the command's own.
  std::optional<LogLevel> log_level;
  // Of --log-format json.
  bool log_json = false;
};

// Errors: kInvalidArgument, one line that says where help is.
Result<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments);

}  // namespace sumac::cli
