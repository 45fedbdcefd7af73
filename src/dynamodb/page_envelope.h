// Reads what stands around the items of a page, wherever in the page it stands. Pure.
#pragma once

#include <string>

#include "base/result.h"
#include "dynamodb/client.h"

namespace sumac::dynamodb {

// Fills in the fields of `page` from `page.body`, which needs net::kBodyPaddingBytes of capacity
// after its end. The items are passed over. Error kDataCorrupt (retryable) when the body is no
// page.
Status ReadPageEnvelope(Page& page);

}  // namespace sumac::dynamodb
