// Which keys of a Spicepod this version acts on. Everything else that is present gets a notice, so
// that nothing is ignored silently. docs/spicepod.md shows the same table; a test holds the two
// together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sumac::spicepod {

struct ActedOnKey {
  std::string_view path;  // "datasets.acceleration.engine"
  // The one value that is acted on; empty means every value.
  std::string_view only_value;
};

const std::vector<ActedOnKey>& ActedOnKeys();

// Whether a key with this value is acted on. Keys that only hold others are.
bool IsActedOn(std::string_view key_path, std::string_view value);

// Whether another value of the key would be acted on.
bool IsActedOnForSomeValues(std::string_view key_path);

}  // namespace sumac::spicepod
