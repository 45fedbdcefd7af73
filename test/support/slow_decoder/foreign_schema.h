// Schemas that a page did not ask for.
#pragma once

#include <cstdint>
#include <memory>

#include "items/item_schema.h"
#include "items/type_summary.h"

namespace sumac::slow_decoder {

// A schema with most of the names in `names` at every level, a few others, and shapes of every
// encoding by chance. The same arguments give the same schema.
std::shared_ptr<const items::ItemSchema> ForeignSchema(const items::TypeSummary& names,
                                                       uint64_t seed);

}  // namespace sumac::slow_decoder
