#include "engine/copies/copy_names.h"

#include <charconv>
#include <string_view>

namespace sumac::engine {
namespace {

constexpr std::string_view kPrefix = "copy_";

}  // namespace

std::shared_ptr<const std::string> CopyNames::NewName() {
  std::string name(kPrefix);
  {
    std::lock_guard lock(mutex_);
    name += std::to_string(++made_);
  }
  return Adopt(std::move(name));
}

std::shared_ptr<const std::string> CopyNames::Adopt(std::string name) {
  const auto retire = [unused = unused_](const std::string* retired) {
    std::lock_guard lock(unused->mutex);
    unused->names.push_back(*retired);
    delete retired;
  };
  return {new std::string(std::move(name)), retire};
}

std::vector<std::string> CopyNames::TakeUnused() {
  std::vector<std::string> names;
  std::lock_guard lock(unused_->mutex);
  names.swap(unused_->names);
  return names;
}

void CopyNames::PutBack(std::string name) {
  std::lock_guard lock(unused_->mutex);
  unused_->names.push_back(std::move(name));
}

uint64_t CopyNumber(const std::string& name) {
  if (!name.starts_with(kPrefix)) return 0;
  uint64_t number = 0;
  const auto* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + kPrefix.size(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? number : 0;
}

}  // namespace sumac::engine
