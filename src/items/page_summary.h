// Adds the items of one page to what is known of a table's types.
#pragma once

#include <string_view>

#include "base/result.h"
#include "items/schema_options.h"
#include "items/type_summary.h"

namespace sumac::items {

// Reads the items of a Scan response into `items` (a summary of items). `body` must be followed by
// net::kBodyPaddingBytes readable bytes. Returns how many items it read. Error kDataCorrupt when
// the body is no page; `items` may then hold a part of it.
Result<uint64_t> SummarizePage(std::string_view body, const SchemaOptions& options,
                               TypeSummary& items);

}  // namespace sumac::items
