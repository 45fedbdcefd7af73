// Where in an item a value stands.
#pragma once

#include <string>
#include <vector>

namespace sumac::dynamodb {

// An attribute, and behind it the names that lead to a field of a nested map. Never empty.
using AttributePath = std::vector<std::string>;

}  // namespace sumac::dynamodb
