// Goes over the items of a page once. Internal to items/.
#pragma once

#include <string_view>

#include "base/result.h"
#include "items/attribute_value.h"
#include "net/transport.h"

namespace sumac::items {

// Calls `use(JsonObject&)` with each item of a Scan response; false from it means that the item is
// none. `body` must be followed by net::kBodyPaddingBytes readable bytes. Error kDataCorrupt
// (retryable) when the body is no page.
template <typename Use>
Status ForEachItem(std::string_view body, Use use) {
  const Error corrupt{ErrorCode::kDataCorrupt,
                      Blame::kService,
                      "the response is no page of DynamoDB items",
                      true,
                      {},
                      {}};
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  JsonArray array;
  const simdjson::padded_string_view padded(body, body.size() + net::kBodyPaddingBytes);
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
      document["Items"].get_array().get(array) != simdjson::SUCCESS) {
    return Fail(corrupt);
  }
  for (auto element : array) {
    JsonObject item;
    if (element.get_object().get(item) != simdjson::SUCCESS || !use(item)) return Fail(corrupt);
  }
  return {};
}

}  // namespace sumac::items
