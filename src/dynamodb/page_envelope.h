// Reads what stands around the items of a page, wherever in the page it stands. Pure.
#pragma once

#include <string>

#include "base/result.h"
#include "dynamodb/client.h"

namespace sumac::dynamodb {

// Fills in the fields of `page` from `page.body`. The items are passed over, in most pages without
// being looked at: then `items_end` holds as FindItems says (items_span.h). Error kDataCorrupt
// (retryable) when the body is no page.
Status ReadPageEnvelope(Page& page);

// The same by reading the whole body: slower, and exact for any body. What ReadPageEnvelope does
// with bodies that are out of the ordinary, and is tested against.
Status ReadPageEnvelopeWhole(Page& page);

}  // namespace sumac::dynamodb
