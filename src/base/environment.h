// The process environment as an argument: what reads it takes one of these, so that tests give
// their own and nothing of the machine's shows through.
#pragma once

#include <map>
#include <string>

namespace sumac {

using Environment = std::map<std::string, std::string>;

// The value of `name`; empty when it is not set, which nothing here tells from set and empty.
inline std::string Variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

}  // namespace sumac
