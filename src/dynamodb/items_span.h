// Finds the items of a page without reading them. Pure. Internal to dynamodb/.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sumac::dynamodb {

// Half-open, in bytes of the body: from '[' to after ']'.
struct ItemsSpan {
  size_t begin = 0;
  size_t end = 0;
};

// Finds the array under "Items" by reading the members before it from the beginning of the page and
// those after it from its end; so the time it takes does not grow with the items. Reading backwards
// is exact in well-formed JSON: backslashes stand in strings only, so a quote ends or begins a
// string exactly when the number of backslashes before it is even. In a body that is not
// well-formed the end may be wrong: who reads the items has to check that they end there.
//
// Returns nothing when it cannot tell: there is no array of that name (written without escapes),
// or what stands around it is very long. An array of more than 1 KB after the items is taken for
// them; `end` is then its end. docs/decisions/001-page-envelope.md says why this is enough.
std::optional<ItemsSpan> FindItems(std::string_view body);

}  // namespace sumac::dynamodb
