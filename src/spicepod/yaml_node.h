// A YAML document as a plain tree with positions. The only place that knows yaml-cpp is its .cc
// file; everything that could make a small file explode is bounded there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sumac::spicepod {

// Where something stands in a file; lines and columns count from 1.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;

  // "spicepod.yaml:7:5".
  std::string ToString() const;

  friend bool operator==(const Location&, const Location&) = default;
};

struct YamlEntry;

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;     // of a scalar
  bool quoted = false;  // a scalar in quotes or a block is a string whatever it looks like
  Location location;
  std::vector<YamlNode> items;     // of a list
  std::vector<YamlEntry> entries;  // of a map, in order, keys unique
};

struct YamlEntry {
  YamlNode key;  // a scalar
  YamlNode value;
};

inline constexpr size_t kFileBytesMax = size_t{4} << 20;
// Aliases count as often as they are used.
inline constexpr size_t kNodesMax = 100'000;
inline constexpr int kDepthMax = 64;
// A message quotes what stands in the file, and that may be long.
inline constexpr size_t kMessageBytesMax = 400;

// Parses one document. The error's message begins with the location: syntax, several documents, a
// duplicate key, a bound.
Result<YamlNode> ParseYaml(std::string_view text, const std::string& file_name);

}  // namespace sumac::spicepod
