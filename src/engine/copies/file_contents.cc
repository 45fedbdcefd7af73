#include "engine/copies/file_contents.h"

#include <filesystem>
#include <functional>

#include "engine/copies/copy_connection.h"
#include "engine/copies/copy_manifest.h"
#include "engine/copies/copy_size.h"
#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

// Of a block in the files that MakeContents makes. Files of others may have smaller ones.
constexpr uint64_t kBlockBytes = uint64_t{256} << 10;
// What stands before the blocks.
constexpr uint64_t kHeadersBytes = 3 * 4096;

// "... PID 123 ..." of DuckDB's message.
std::string Holder(const std::string& message) {
  const size_t at = message.find("PID ");
  if (at == std::string::npos) return "another process";
  const size_t end = message.find_first_not_of("0123456789", at + 4);
  return "the process " + message.substr(at + 4, end - at - 4);
}

// Runs `use` on the file, in an engine of its own.
Status WithFile(const std::string& path, duckdb::AccessMode mode,
                const std::function<Status(CopyConnection&, const std::string& catalog)>& use) {
  try {
    duckdb::DBConfig config;
    config.options.access_mode = mode;
    config.options.checkpoint_on_shutdown = false;
    config.SetOptionByName("threads", duckdb::Value::BIGINT(1));
    config.SetOptionByName("autoinstall_known_extensions", duckdb::Value::BOOLEAN(false));
    config.SetOptionByName("autoload_known_extensions", duckdb::Value::BOOLEAN(false));
    duckdb::DuckDB database(path, &config);
    CopyConnection connection(database, "'" + path + "'");
    return use(connection,
               QuotedIdentifier(duckdb::DatabaseManager::GetDefaultDatabase(connection.context())));
  } catch (const std::exception& exception) {
    const duckdb::ErrorData data(exception);
    return Fail(OpeningError(path, data.RawMessage()));
  }
}

// Whether it has anything at all.
Result<bool> HasContents(CopyConnection& connection) {
  SUMAC_ASSIGN_OR_RETURN(
      const auto found,
      connection.Value("SELECT (SELECT count(*) FROM duckdb_tables()) + "
                       "(SELECT count(*) FROM duckdb_views() WHERE NOT internal) + "
                       "(SELECT count(*) FROM duckdb_sequences()) + "
                       "(SELECT count(*) FROM duckdb_functions() WHERE NOT internal) + "
                       "(SELECT count(*) FROM duckdb_types() WHERE NOT internal) + "
                       "(SELECT count(*) FROM duckdb_schemas() WHERE NOT internal AND "
                       "schema_name <> 'main')"));
  return found.GetValue<int64_t>() > 0;
}

// Reads what DuckDB would read when it drops or rewrites a table: all but the values, whose blocks
// must be there. The headers say of how many the file has, but before it was last cut to those in
// use.
Status CheckTable(CopyConnection& connection, const std::string& path, const std::string& table) {
  SUMAC_ASSIGN_OR_RETURN(const auto columns, connection.Columns(table));
  const std::string storage = " FROM pragma_storage_info(" + QuotedText(table) + ")";
  SUMAC_ASSIGN_OR_RETURN(
      const auto blocks,
      connection.Value("SELECT coalesce(max(block), -1) + 1 FROM (SELECT block_id AS block" +
                       storage + " UNION ALL SELECT unnest(additional_block_ids)" + storage + ")"));
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (error || bytes < kHeadersBytes + blocks.GetValue<uint64_t>() * kBlockBytes) {
    return Fail(ErrorCode::kDataCorrupt, "the file is cut short");
  }
  return {};
}

// `empty` is set.
Status Check(const std::string& path, CopyConnection& connection, const std::string& catalog,
             bool& empty) {
  const auto has_contents = HasContents(connection);
  if (!has_contents) {
    return Fail(BrokenFile(path, "cannot be read (" + has_contents.error().message + ")"));
  }
  empty = !*has_contents;
  if (empty) return {};
  const auto entries = ReadManifest(connection, catalog);
  if (!entries && entries.error().code == ErrorCode::kUnsupported) {
    return Fail(ErrorCode::kUnsupported,
                "'" + path + "' was written by a newer version of Sumac" + WhatToDoAboutFile(path));
  }
  if (!entries && entries.error().code == ErrorCode::kInvalidArgument) {
    return Fail(ErrorCode::kUnsupported,
                "'" + path +
                    "' is a DuckDB database with tables that Sumac did not make; name "
                    "another duckdb_file, so that they stay as they are");
  }
  if (!entries) {
    return Fail(BrokenFile(path, "cannot be read (" + entries.error().message + ")"));
  }
  for (const auto& entry : *entries) {
    const auto table =
        CheckTable(connection, path,
                   catalog + "." + kCopyFileSchema + "." + QuotedIdentifier(entry.table_name));
    if (table) continue;
    return Fail(BrokenFile(path, "has lost the table of dataset '" + entry.facts.dataset_name +
                                     "' (" + table.error().message + ")"));
  }
  return {};
}

}  // namespace

std::string WhatToDoAboutFile(const std::string& path) {
  return "; move '" + path +
         "' away, or name another duckdb_file, and the copies are loaded from their sources";
}

Error BrokenFile(const std::string& path, const std::string& what) {
  return UserError(ErrorCode::kDataCorrupt, "'" + path + "' " + what + WhatToDoAboutFile(path));
}

Error OpeningError(const std::string& path, const std::string& message) {
  if (message.find("Could not set lock") != std::string::npos ||
      message.find("onflicting lock") != std::string::npos) {
    Error error =
        UserError(ErrorCode::kUnavailable, "'" + path + "' is in use by " + Holder(message) +
                                               "; end that, or name another duckdb_file");
    error.retryable = true;
    return error;
  }
  if (const auto reason = NoRoomReason(message); !reason.empty()) {
    Error error =
        UserError(ErrorCode::kResourceExhausted, "there is no room for '" + path + "' (" + reason +
                                                     "); free some, and it is tried again");
    error.retryable = true;
    return error;
  }
  if (message.find("ermission denied") != std::string::npos) {
    return UserError(ErrorCode::kPermissionDenied,
                     "'" + path +
                         "' may not be written to; change its permissions, or name "
                         "another duckdb_file");
  }
  if (message.find("version") != std::string::npos && message.find("newer") != std::string::npos) {
    return UserError(
        ErrorCode::kUnsupported,
        "'" + path + "' was written by a newer version of DuckDB" + WhatToDoAboutFile(path));
  }
  std::string line = message.substr(0, message.find('\n'));
  return BrokenFile(path, "cannot be read (" + line + ")");
}

Status CheckContents(const std::string& path) {
  std::error_code error;
  const bool has_log = std::filesystem::exists(path + ".wal", error);
  bool empty = false;
  // What is in a log cannot be read without writing its blocks.
  const auto mode = has_log ? duckdb::AccessMode::READ_WRITE : duckdb::AccessMode::READ_ONLY;
  SUMAC_RETURN_IF_ERROR(WithFile(path, mode, [&](auto& connection, const auto& catalog) {
    return Check(path, connection, catalog, empty);
  }));
  // Without room, what is in the log stays there, and is read from there.
  const bool has_room = HasRoomToCheckpoint(path);
  return empty || (has_log && has_room) ? MakeContents(path) : Status();
}

Status MakeContents(const std::string& path) {
  return WithFile(path, duckdb::AccessMode::READ_WRITE,
                  [](auto& connection, const auto& catalog) -> Status {
                    SUMAC_RETURN_IF_ERROR(MakeManifest(connection, catalog));
                    return connection.Run("CHECKPOINT");
                  });
}

}  // namespace sumac::engine
