// Where in an item a value stands.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sumac::dynamodb {

// An attribute, a field of a map, or an element of a list.
struct PathStep {
  std::string name;
  std::optional<size_t> element;  // counted from 0; has no name then

  // Names stand for themselves.
  // NOLINTNEXTLINE(google-explicit-constructor)
  PathStep(std::string name_in) : name(std::move(name_in)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  PathStep(const char* name_in) : name(name_in) {}
  static PathStep Element(size_t number) {
    PathStep step("");
    step.element = number;
    return step;
  }

  friend auto operator<=>(const PathStep&, const PathStep&) = default;
  friend bool operator==(const PathStep&, const PathStep&) = default;
};

// An attribute, and behind it the steps that lead to a value nested in it. Never empty.
using AttributePath = std::vector<PathStep>;

}  // namespace sumac::dynamodb
