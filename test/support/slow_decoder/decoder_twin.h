// Holds items/PageDecoder against its slow twin, on any bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "items/item_schema.h"
#include "items/type_summary.h"

namespace sumac::slow_decoder {

// What the comparisons have seen, so that a test can tell that it tested something.
struct TwinCounts {
  uint64_t pages_decoded = 0;
  uint64_t pages_broken = 0;
  uint64_t pages_unclear = 0;
  uint64_t items = 0;
  uint64_t misfits = 0;
  uint64_t overflows = 0;
};

// Decodes `page` under `schema` with both, all columns and both virtual ones, and with PageDecoder
// once more with every second column alone, and once as if misfits were errors. Returns the first
// difference, for a person: a cell, a count of misfits, `_item`, `_overflow`, or one that fails
// where the other does not.
std::optional<std::string> CompareDecoders(std::string page,
                                           const std::shared_ptr<const items::ItemSchema>& schema,
                                           TwinCounts& counts);

// Under the schema that `page` gives itself (which must hold all of it), under the one that it
// gives itself with some options of a user, and under `foreign_count` others, with names from the
// page and shapes drawn from `seed`, so that most values do not fit. A page that gives itself no
// schema is only held against ones for `names`.
std::optional<std::string> CompareUnderSchemas(const std::string& page,
                                               const items::TypeSummary& names, int foreign_count,
                                               uint64_t seed, TwinCounts& counts);

}  // namespace sumac::slow_decoder
