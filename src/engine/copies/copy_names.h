// The names of the tables that hold copies of datasets, and which of them nobody uses any more.
// Internal to engine/.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace sumac::engine {

// Thread-safe.
class CopyNames {
 public:
  // The first name has the number after `last`.
  explicit CopyNames(uint64_t last = 0) : made_(last) {}

  // A new name, which counts as used until what this returns is destroyed. That may happen inside a
  // transaction of DuckDB, where its tables cannot be dropped; so TakeUnused tells of it later.
  std::shared_ptr<const std::string> NewName();
  // The same of a table that is there already.
  std::shared_ptr<const std::string> Adopt(std::string name);

  // The names that came out of use since the last call.
  std::vector<std::string> TakeUnused();
  // Gives one back that could not be dropped yet.
  void PutBack(std::string name);

 private:
  struct Unused {
    std::mutex mutex;
    std::vector<std::string> names;  // guarded by mutex
  };

  // Names may outlive this.
  const std::shared_ptr<Unused> unused_ = std::make_shared<Unused>();
  std::mutex mutex_;
  uint64_t made_;  // guarded by mutex_
};

// The number in a name that NewName made; 0 for other names.
uint64_t CopyNumber(const std::string& name);

}  // namespace sumac::engine
