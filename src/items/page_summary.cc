#include "items/page_summary.h"

#include "items/attribute_summary.h"
#include "net/transport.h"

namespace sumac::items {
Result<uint64_t> SummarizePage(std::string_view body, const SchemaOptions& options,
                               TypeSummary& items) {
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
  items.MarkAsItems();
  items.AddKind(TypeSummary::kMap);
  uint64_t count = 0;
  for (auto element : array) {
    JsonObject item;
    if (element.get_object().get(item) != simdjson::SUCCESS) return Fail(corrupt);
    if (!SummarizeItem(item, options.time_layout.get(), items)) return Fail(corrupt);
    ++count;
  }
  return count;
}

}  // namespace sumac::items
