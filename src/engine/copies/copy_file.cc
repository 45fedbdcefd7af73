#include "engine/copies/copy_file.h"

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "engine/copies/attached_copies.h"
#include "engine/copies/file_contents.h"
#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

namespace fs = std::filesystem;

// DuckDB's file format (its storage/single_file_block_manager) begins with three headers of 4,096
// bytes, each behind a checksum of 8.
constexpr uint64_t kHeadersBytes = 3 * 4096;
constexpr uint64_t kChecksumBytes = 8;

Status CheckHeaders(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, kHeadersBytes> bytes{};
  file.read(bytes.data(), bytes.size());
  const auto read = static_cast<uint64_t>(file.gcount());
  const bool is_duckdb =
      read >= kChecksumBytes + 4 && std::memcmp(bytes.data() + kChecksumBytes, "DUCK", 4) == 0;
  if (read == 0 && file.eof()) return Fail(BrokenFile(path, "is empty"));
  if (!is_duckdb) {
    return Fail(ErrorCode::kInvalidArgument,
                "'" + path + "' is not a DuckDB database" + WhatToDoAboutFile(path));
  }
  if (read < bytes.size()) return Fail(BrokenFile(path, "is cut short"));
  return {};
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
  if (auto made = MakeContents(unfinished); !made) {
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
  SUMAC_RETURN_IF_ERROR(CheckHeaders(path));
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
  place.gate = std::make_shared<ReaderGate>();
  CopyConnection connection(database, place.Description());
  auto attached = connection.Run("ATTACH " + QuotedText(path) + " AS " + QuotedIdentifier(catalog) +
                                 " (TYPE duckdb)");
  if (!attached) return Fail(OpeningError(path, attached.error().message));
  auto copies = std::make_shared<AttachedCopies>(database, loading, std::move(place));
  if (auto read = copies->ReadStored(); !read) {
    // So that it can be tried again.
    copies.reset();
    static_cast<void>(connection.Run("DETACH " + QuotedIdentifier(catalog)));
    return Fail(BrokenFile(path, "cannot be read (" + read.error().message + ")"));
  }
  return std::shared_ptr<CopyStore>(std::move(copies));
}

}  // namespace sumac::engine
