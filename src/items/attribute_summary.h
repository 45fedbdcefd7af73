// Adds attribute values to what is known of their types. Internal to items/.
#pragma once

#include "items/attribute_value.h"
#include "items/type_summary.h"

namespace sumac::items {

// Adds one value to `summary`. `layout` may be null. False when the bytes are no attribute value or
// nest deeper than kNestingDepthMax; `summary` may then hold a part of it.
bool SummarizeAttribute(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary);

// Adds the attributes of one item to `items`, a summary of items. False as above.
bool SummarizeItem(JsonCursor& item, const TimeLayout* layout, TypeSummary& items);

}  // namespace sumac::items
