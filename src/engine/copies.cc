#include "engine/copies.h"

namespace sumac::engine {

std::shared_ptr<const std::string> Copies::NewName() {
  std::lock_guard lock(mutex_);
  const auto retire = [unused = unused_](const std::string* name) {
    std::lock_guard unused_lock(unused->mutex);
    unused->names.push_back(*name);
    delete name;
  };
  return {new std::string("copy_" + std::to_string(++made_)), retire};
}

std::vector<std::string> Copies::TakeUnused() {
  std::vector<std::string> names;
  std::lock_guard lock(unused_->mutex);
  names.swap(unused_->names);
  return names;
}

}  // namespace sumac::engine
