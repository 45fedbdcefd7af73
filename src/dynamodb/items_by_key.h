// Items as keys, and the answers of GetItem and BatchGetItem as pages. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "dynamodb/client.h"

namespace sumac::dynamodb {

// Makes of `page.body`, the answer of a GetItem or of a BatchGetItem of one table, the page with
// the same items, and fills in the page's other fields. Copies the items: there are few of them, or
// the round trip to each hundred outweighs it. Keys of items that are not there bring nothing.
// Error kDataCorrupt (retryable) when it is no such answer. Source: API_GetItem, API_BatchGetItem
// in the DynamoDB API reference.
Status MakePageOfItems(Page& page);

// The items of a page, each as it stands there: of a page that has only the attributes of the
// table's key, what a request for the items takes as their keys. Error kDataCorrupt when the items
// are none.
Result<std::vector<std::string>> ItemTexts(const Page& page);

}  // namespace sumac::dynamodb
