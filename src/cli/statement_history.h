// The statements that were typed, also those of earlier runs of the program.
#pragma once

#include <string>
#include <vector>

namespace sumac::cli {

// Not thread-safe.
class StatementHistory {
 public:
  // Reads `path`, if it is there; an empty path keeps nothing on disk.
  explicit StatementHistory(std::string path);

  // The oldest first.
  const std::vector<std::string>& statements() const { return statements_; }

  // At once and on disk, in a file that its owner alone can read: statements may hold what nobody
  // else should read. A statement that is there already becomes the last; what another process has
  // written meanwhile is kept.
  void Add(const std::string& statement);
  void Clear();

 private:
  static constexpr size_t kStatementsMax = 1'000;
  // What is longer was pasted, and is not kept.
  static constexpr size_t kStatementBytesMax = 60'000;

  void Load();
  void Save() const;
  void Keep(const std::string& statement);

  const std::string path_;
  std::vector<std::string> statements_;
};

}  // namespace sumac::cli
