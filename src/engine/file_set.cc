#include "engine/file_set.h"

#include <algorithm>
#include <filesystem>

#include <duckdb/common/local_file_system.hpp>
#include <duckdb/common/string_util.hpp>

namespace sumac::engine {
namespace {

namespace fs = std::filesystem;

// One table of more files than this is not what it is meant to be.
constexpr size_t kFilesMax = 100'000;

bool IsNote(const fs::path& path) {
  const auto name = path.filename().string();
  return name.starts_with('.') || name.starts_with('_');
}

bool IsWanted(const FileSet& files, const fs::path& path) {
  const auto name = duckdb::StringUtil::Lower(path.filename().string());
  return files.suffixes.empty() ||
         std::any_of(files.suffixes.begin(), files.suffixes.end(),
                     [&](const auto& suffix) { return name.ends_with(suffix); });
}

tl::unexpected<Error> CannotList(const FileSet& files, const std::string& reason) {
  return Fail(ErrorCode::kInvalidArgument, "'" + files.path + "' cannot be listed: " + reason);
}

Result<std::vector<std::string>> ListFolder(const FileSet& files) {
  std::vector<std::string> paths;
  std::error_code error;
  fs::recursive_directory_iterator entry(files.root, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (IsNote(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    std::error_code gone;
    if (!entry->is_regular_file(gone) || !IsWanted(files, entry->path())) continue;
    paths.push_back(entry->path().string());
    if (paths.size() > kFilesMax) break;
  }
  if (error) return CannotList(files, error.message());
  return paths;
}

Result<std::vector<std::string>> ListPattern(const FileSet& files) {
  std::vector<std::string> paths;
  try {
    duckdb::LocalFileSystem local;
    for (const auto& found : local.Glob(files.path)) {
      std::error_code gone;
      if (fs::is_regular_file(found.path, gone)) paths.push_back(found.path);
    }
  } catch (const std::exception& exception) {
    return CannotList(files, duckdb::ErrorData(exception).RawMessage());
  }
  return paths;
}

Error NothingFound(const FileSet& files) {
  switch (files.kind) {
    case FileSet::Kind::kFile:
      return UserError(ErrorCode::kNotFound, "there is no file '" + files.path + "'");
    case FileSet::Kind::kPattern:
      return UserError(ErrorCode::kNotFound, "no file matches '" + files.path + "'");
    case FileSet::Kind::kFolder:
      break;
  }
  std::string message = "the folder '" + files.path + "' has no files";
  for (const auto& suffix : files.suffixes) {
    message += (suffix == files.suffixes.front() ? " that end with " : " or ") + suffix;
  }
  return UserError(ErrorCode::kNotFound, message);
}

}  // namespace

std::string AbsolutePath(const std::string& path, const std::string& directory) {
  std::error_code error;
  auto absolute = fs::absolute(fs::path(directory.empty() ? "." : directory) / path, error);
  auto text = absolute.lexically_normal().string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

Result<FileSet> FindFileSet(const std::string& path, const std::string& directory) {
  FileSet files;
  files.path = AbsolutePath(path, directory);
  files.root = files.path;
  std::error_code error;
  const auto status = fs::status(files.path, error);
  // A file that is there is meant, whatever its name looks like.
  if (fs::is_directory(status)) {
    files.kind = FileSet::Kind::kFolder;
    return files;
  }
  if (fs::exists(status)) {
    if (fs::is_regular_file(status)) return files;
    return Fail(ErrorCode::kInvalidArgument, "'" + files.path + "' is neither a file nor a folder");
  }
  if (error && status.type() != fs::file_type::not_found) {
    return Fail(ErrorCode::kInvalidArgument,
                "'" + files.path + "' cannot be read: " + error.message());
  }
  const size_t special = files.path.find_first_of("*?[");
  if (special == std::string::npos) {
    return Fail(ErrorCode::kNotFound, "there is no file or folder '" + files.path + "'");
  }
  files.kind = FileSet::Kind::kPattern;
  files.root = files.path.substr(0, std::max<size_t>(files.path.rfind('/', special), 1));
  return files;
}

Result<std::vector<std::string>> ListFiles(const FileSet& files) {
  std::vector<std::string> paths;
  std::error_code error;
  if (files.kind == FileSet::Kind::kFolder) {
    SUMAC_ASSIGN_OR_RETURN(paths, ListFolder(files));
  } else if (files.kind == FileSet::Kind::kPattern) {
    SUMAC_ASSIGN_OR_RETURN(paths, ListPattern(files));
  } else if (fs::is_regular_file(files.path, error)) {
    paths.push_back(files.path);
  }
  if (paths.size() > kFilesMax) {
    return Fail(ErrorCode::kResourceExhausted,
                "'" + files.path + "' has more than " + std::to_string(kFilesMax) + " files");
  }
  if (paths.empty()) return Fail(NothingFound(files));
  if (files.skips_empty) {
    const auto with_bytes = std::stable_partition(paths.begin(), paths.end(), [](const auto& path) {
      std::error_code gone;
      return fs::file_size(path, gone) != 0;
    });
    if (with_bytes == paths.begin()) {
      return Fail(ErrorCode::kInvalidArgument, "'" + files.path + "' is empty");
    }
    paths.erase(with_bytes, paths.end());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace sumac::engine
