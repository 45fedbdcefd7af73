// Filters in SQL over the columns of a schema, by chance.
#pragma once

#include <string>

#include "filter_equivalence/random.h"
#include "items/item_schema.h"

namespace sumac::filter_equivalence {

// Of AND, OR and NOT at most `depth` deep. Some do not bind, or fail on some rows.
std::string MakeRandomFilter(Random& random, const items::ItemSchema& schema, int depth = 2);

}  // namespace sumac::filter_equivalence
