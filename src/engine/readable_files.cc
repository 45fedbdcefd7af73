#include "engine/readable_files.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <duckdb/common/local_file_system.hpp>
#include <duckdb/main/config.hpp>
#include <fmt/format.h>

namespace sumac::engine {
namespace {

constexpr std::string_view kNoName = "-";

// Opens files of datasets and does nothing else. The handles are those of the local file system, so
// that whatever is done with an open file goes there.
class ReadableFileSystem final : public duckdb::FileSystem {
 public:
  explicit ReadableFileSystem(std::shared_ptr<const ReadableFiles> files)
      : files_(std::move(files)) {}

  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(
      const duckdb::string& path, duckdb::FileOpenFlags flags,
      duckdb::optional_ptr<duckdb::FileOpener> opener) override {
    const auto local = LocalPath(path);
    if (flags.OpenForWriting() || flags.CreateFileIfNotExists()) {
      throw duckdb::PermissionException("File \"%s\" belongs to a dataset and is read only", local);
    }
    return local_.OpenFile(local, flags, opener);
  }

  bool FileExists(const duckdb::string& path,
                  duckdb::optional_ptr<duckdb::FileOpener> opener) override {
    return local_.FileExists(LocalPath(path), opener);
  }

  bool DirectoryExists(const duckdb::string&, duckdb::optional_ptr<duckdb::FileOpener>) override {
    return false;
  }

  bool IsPipe(const duckdb::string& path,
              duckdb::optional_ptr<duckdb::FileOpener> opener) override {
    return local_.IsPipe(LocalPath(path), opener);
  }

  // Every path is one file: characters of patterns stand for themselves.
  duckdb::vector<duckdb::OpenFileInfo> Glob(const duckdb::string& path,
                                            duckdb::FileOpener* opener) override {
    duckdb::vector<duckdb::OpenFileInfo> found;
    if (local_.FileExists(LocalPath(path), opener)) found.emplace_back(path);
    return found;
  }

  bool CanHandleFile(const duckdb::string& path) override {
    return path.starts_with(kReadableScheme);
  }
  bool CanSeek() override { return true; }
  bool OnDiskFile(duckdb::FileHandle&) override { return true; }
  std::string GetName() const override { return "SumacReadableFiles"; }

 private:
  // Throws when no dataset has named it.
  duckdb::string LocalPath(const duckdb::string& path) const {
    const auto parts = ReadableFiles::Split(path);
    if (!parts || !files_->Allows(std::string(parts->path))) {
      throw duckdb::PermissionException("File \"%s\" belongs to no dataset", path);
    }
    return duckdb::string(parts->path);
  }

  const std::shared_ptr<const ReadableFiles> files_;
  duckdb::LocalFileSystem local_;
};

}  // namespace

std::string ReadableFiles::PathFor(const std::string& path, const std::string& dataset_name) {
  std::string name;
  for (const unsigned char byte : dataset_name) name += fmt::format("{:02x}", byte);
  return kReadableScheme + (name.empty() ? std::string(kNoName) : name) + path;
}

std::optional<ReadableFiles::Parts> ReadableFiles::Split(std::string_view path) {
  if (!path.starts_with(kReadableScheme)) return std::nullopt;
  path.remove_prefix(std::string_view(kReadableScheme).size());
  const size_t end = path.find('/');
  if (end == std::string_view::npos) return std::nullopt;
  Parts parts{"", path.substr(end)};
  const auto name = path.substr(0, end);
  if (name == kNoName) return parts;
  for (size_t at = 0; at < end; at += 2) {
    unsigned byte = 0;
    const auto digits = name.substr(at, 2);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || read.ptr != digits.data() + 2) return std::nullopt;
    parts.dataset_name += static_cast<char>(byte);
  }
  return parts;
}

void ReadableFiles::AllowFile(const std::string& path) {
  std::lock_guard lock(mutex_);
  files_.insert(path);
}

void ReadableFiles::AllowFolder(const std::string& path) {
  std::lock_guard lock(mutex_);
  folders_.insert(path.ends_with('/') ? path : path + "/");
}

bool ReadableFiles::Allows(const std::string& path) const {
  // A path with "." or ".." in it says something else than it seems to.
  if (std::filesystem::path(path).lexically_normal() != path) return false;
  std::lock_guard lock(mutex_);
  return files_.contains(path) ||
         std::any_of(folders_.begin(), folders_.end(),
                     [&](const auto& folder) { return path.starts_with(folder); });
}

std::shared_ptr<ReadableFiles> InstallReadableFiles(duckdb::DatabaseInstance& database) {
  auto files = std::make_shared<ReadableFiles>();
  database.GetFileSystem().RegisterSubSystem(duckdb::make_uniq<ReadableFileSystem>(files));
  duckdb::DBConfig::GetConfig(database).AddAllowedDirectory(kReadableScheme);
  return files;
}

}  // namespace sumac::engine
