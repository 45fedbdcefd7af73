// The files that one path stands for: itself, those of a folder, or those that match a pattern.
// What a folder has may change between two listings.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace sumac::engine {

struct FileSet {
  enum class Kind { kFile, kFolder, kPattern };

  Kind kind = Kind::kFile;
  // Absolute and without "." and "..".
  std::string path;
  // The file, or the folder in which all of them are.
  std::string root;
  // Of a folder's files, only those whose name ends with one of these; empty takes all. Files whose
  // name begins with '.' or '_' are notes of those who wrote the others.
  std::vector<std::string> suffixes;
  // Leaves out files of 0 bytes, unless there are no others.
  bool skips_empty = false;
};

// What `path`, which is relative to `directory` or absolute, stands for. Error kNotFound: neither a
// file nor a folder, nor a pattern.
Result<FileSet> FindFileSet(const std::string& path, const std::string& directory);

// The files, sorted. At least one. Errors: kNotFound (none), kInvalidArgument (they cannot be
// listed), kResourceExhausted (too many).
Result<std::vector<std::string>> ListFiles(const FileSet& files);

// The same for a path that is no pattern.
std::string AbsolutePath(const std::string& path, const std::string& directory);

}  // namespace sumac::engine
