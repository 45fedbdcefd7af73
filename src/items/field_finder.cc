#include "items/field_finder.h"

#include <algorithm>
#include <cstring>

namespace sumac::items {
namespace {

bool NeedsEscape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

}  // namespace

FieldFinder::FieldFinder(std::vector<std::string> names) : names_(std::move(names)) {
  for (size_t i = 0; i < names_.size(); ++i) {
    index_.emplace(names_[i], static_cast<int>(i));
    bare_.push_back(std::none_of(names_[i].begin(), names_[i].end(), NeedsEscape));
  }
}

int FieldFinder::Find(simdjson::ondemand::field& field) {
  // A name with a quote or a backslash may be what another one's escaped spelling begins with.
  if (expected_ < names_.size() && bare_[expected_]) {
    const std::string& name = names_[expected_];
    // strncmp stops at the first difference, so it never reads past the key's closing quote. A key
    // that is spelled with escapes differs here and is found below.
    const char* raw = field.key().raw();
    if (std::strncmp(raw, name.c_str(), name.size()) == 0 && raw[name.size()] == '"') {
      return static_cast<int>(expected_++);
    }
  }
  std::string_view name;
  if (field.unescaped_key().get(name) != simdjson::SUCCESS) return kCorrupt;
  const auto found = index_.find(name);
  if (found == index_.end()) {
    last_name_ = name;
    return kNotWanted;
  }
  expected_ = static_cast<size_t>(found->second) + 1;
  return found->second;
}

}  // namespace sumac::items
