#include "engine/copies/copy_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "engine/copies/attached_copies.h"
#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

namespace fs = std::filesystem;

std::string WhatToDo(const std::string& path) {
  return "; move '" + path +
         "' away, or name another duckdb_file, and the copies are loaded from their sources";
}

Error Broken(const std::string& path, const std::string& what) {
  Error error = UserError(ErrorCode::kDataCorrupt, "'" + path + "' " + what + WhatToDo(path));
  return error;
}

// The fields of DuckDB's file format (its storage/single_file_block_manager): three headers of
// 4,096 bytes, each behind a checksum of 8; the last two take turns.
constexpr uint64_t kHeaderBytes = 4096;
constexpr uint64_t kChecksumBytes = 8;

struct FileHeader {
  uint64_t iteration = 0;
  uint64_t meta_block = 0;
  uint64_t free_list = 0;
  uint64_t block_count = 0;
  uint64_t block_bytes = 0;
};

// DuckDB would read blocks that are not there, and find that an error of its own.
Status CheckLength(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 3 * kHeaderBytes> bytes{};
  file.read(bytes.data(), bytes.size());
  const auto read = static_cast<uint64_t>(file.gcount());
  const bool is_duckdb =
      read >= kChecksumBytes + 4 && std::memcmp(bytes.data() + kChecksumBytes, "DUCK", 4) == 0;
  if (read == 0 && file.eof()) return Fail(Broken(path, "is empty"));
  if (!is_duckdb) {
    return Fail(ErrorCode::kInvalidArgument,
                "'" + path + "' is not a DuckDB database" + WhatToDo(path));
  }
  if (read < bytes.size()) return Fail(Broken(path, "is cut short"));
  FileHeader newest;
  for (const uint64_t at : {kHeaderBytes, 2 * kHeaderBytes}) {
    FileHeader header;
    static_assert(sizeof(header) == 40);
    std::memcpy(&header, bytes.data() + at + kChecksumBytes, sizeof(header));
    if (header.iteration >= newest.iteration) newest = header;
  }
  std::error_code error;
  const uint64_t length = fs::file_size(path, error);
  if (error || newest.block_bytes == 0) return {};
  if ((length - bytes.size()) / newest.block_bytes < newest.block_count) {
    return Fail(Broken(path, "is cut short"));
  }
  return {};
}

// "... PID 123 ..." of DuckDB's message.
std::string Holder(const std::string& message) {
  const size_t at = message.find("PID ");
  if (at == std::string::npos) return "another process";
  const size_t end = message.find_first_not_of("0123456789", at + 4);
  return "the process " + message.substr(at + 4, end - at - 4);
}

Error OpeningError(const std::string& path, const std::exception& exception) {
  const duckdb::ErrorData data(exception);
  const std::string& message = data.RawMessage();
  if (message.find("Could not set lock") != std::string::npos ||
      message.find("onflicting lock") != std::string::npos) {
    Error error =
        UserError(ErrorCode::kUnavailable, "'" + path + "' is in use by " + Holder(message) +
                                               "; end that, or name another duckdb_file");
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
    return UserError(ErrorCode::kUnsupported,
                     "'" + path + "' was written by a newer version of DuckDB" + WhatToDo(path));
  }
  std::string line = message.substr(0, message.find('\n'));
  return Broken(path, "cannot be read (" + line + ")");
}

// Reads all that says what a file has, in an engine of its own.
Status CheckContents(const std::string& path) {
  try {
    duckdb::DBConfig config;
    config.SetOptionByName("threads", duckdb::Value::BIGINT(1));
    config.SetOptionByName("autoinstall_known_extensions", duckdb::Value::BOOLEAN(false));
    config.SetOptionByName("autoload_known_extensions", duckdb::Value::BOOLEAN(false));
    duckdb::DuckDB database(path, &config);
    CopyConnection connection(database, "'" + path + "'");
    SUMAC_ASSIGN_OR_RETURN(const auto tables,
                           connection.Rows("SELECT schema_name, table_name FROM duckdb_tables()"));
    const bool has_manifest = std::any_of(tables.begin(), tables.end(), [](const auto& row) {
      return row[0].ToString() == kCopyFileSchema && row[1].ToString() == "copies";
    });
    if (!has_manifest && !tables.empty()) {
      return Fail(ErrorCode::kUnsupported,
                  "'" + path +
                      "' is a DuckDB database with tables that Sumac did not make; name "
                      "another duckdb_file, so that they stay as they are");
    }
    const std::string catalog =
        QuotedIdentifier(duckdb::DatabaseManager::GetDefaultDatabase(connection.context()));
    SUMAC_RETURN_IF_ERROR(MakeManifest(connection, catalog));
    const auto entries = ReadManifest(connection, catalog);
    if (!entries && entries.error().code == ErrorCode::kUnsupported) {
      return Fail(ErrorCode::kUnsupported,
                  "'" + path + "' was written by a newer version of Sumac" + WhatToDo(path));
    }
    if (!entries) return Fail(Broken(path, "cannot be read (" + entries.error().message + ")"));
    for (const auto& entry : *entries) {
      const auto columns = connection.Columns(catalog + "." + kCopyFileSchema + "." +
                                              QuotedIdentifier(entry.table_name));
      if (!columns) {
        return Fail(
            Broken(path, "has lost the table of dataset '" + entry.facts.dataset_name + "'"));
      }
    }
    return {};
  } catch (const std::exception& exception) {
    return Fail(OpeningError(path, exception));
  }
}

Status SystemFailure(const std::string& path, const std::error_code& error) {
  const bool denied =
      error == std::errc::permission_denied || error == std::errc::read_only_file_system;
  const bool full = error == std::errc::no_space_on_device;
  return Fail(denied ? ErrorCode::kPermissionDenied
              : full ? ErrorCode::kResourceExhausted
                     : ErrorCode::kInvalidArgument,
              "'" + path + "' cannot be made: " + error.message());
}

// Made under another name, so that a process that ends in between leaves no half a file.
Status MakeFile(const std::string& path) {
  const std::string unfinished = path + ".new";
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return SystemFailure(path, error);
  fs::remove(unfinished, error);
  fs::remove(unfinished + ".wal", error);
  if (auto made = CheckContents(unfinished); !made) {
    Error reason = std::move(made).error();
    fs::remove(unfinished, error);
    fs::remove(unfinished + ".wal", error);
    reason.message = duckdb::StringUtil::Replace(reason.message, unfinished, path);
    return Fail(std::move(reason));
  }
  fs::remove(path + ".wal", error);
  fs::rename(unfinished, path, error);
  if (error) return SystemFailure(path, error);
  return {};
}

}  // namespace

Status CheckOrMakeCopyFile(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return MakeFile(path);
  if (!fs::is_regular_file(status)) {
    return Fail(ErrorCode::kInvalidArgument,
                "'" + path + "' is not a file; name another duckdb_file");
  }
  if (::access(path.c_str(), R_OK | W_OK) != 0) {
    return Fail(ErrorCode::kPermissionDenied,
                "'" + path +
                    "' may not be read and written; change its permissions, or name "
                    "another duckdb_file");
  }
  SUMAC_RETURN_IF_ERROR(CheckLength(path));
  return CheckContents(path);
}

Result<std::shared_ptr<CopyStore>> AttachCopyFile(duckdb::DuckDB& database, SpiceSchema& loading,
                                                  const std::string& path,
                                                  const std::string& catalog) {
  SUMAC_RETURN_IF_ERROR(CheckOrMakeCopyFile(path));
  auto& config = duckdb::DBConfig::GetConfig(*database.instance);
  config.AddAllowedPath(path);
  config.AddAllowedPath(path + ".wal");
  CopyPlace place;
  place.catalog = catalog;
  place.schema = kCopyFileSchema;
  place.path = path;
  CopyConnection connection(database, place.Description());
  auto attached = connection.Run("ATTACH " + QuotedText(path) + " AS " + QuotedIdentifier(catalog) +
                                 " (TYPE duckdb)");
  if (!attached) return Fail(OpeningError(path, duckdb::IOException(attached.error().message)));
  auto copies = std::make_shared<AttachedCopies>(database, loading, std::move(place));
  SUMAC_RETURN_IF_ERROR(copies->ReadStored());
  return std::shared_ptr<CopyStore>(std::move(copies));
}

}  // namespace sumac::engine
