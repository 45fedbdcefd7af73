// Which parts of a value a query reads.
#pragma once

#include <cstddef>
#include <vector>

namespace sumac::items {

// Empty children mean all of it.
struct FieldSelection {
  struct Child;
  std::vector<Child> children;
};

struct FieldSelection::Child {
  size_t field;  // its place among the fields of the struct
  FieldSelection selection;
};

}  // namespace sumac::items
