#include "dynamodb/page_envelope.h"

#include <simdjson.h>

namespace sumac::dynamodb {
namespace {

using simdjson::SUCCESS;
namespace ondemand = simdjson::ondemand;

// Reads one member of the page; false when it has the wrong type.
bool ReadMember(std::string_view name, ondemand::value value, Page& page) {
  if (name == "Count") return value.get_uint64().get(page.count) == SUCCESS;
  if (name == "ScannedCount") return value.get_uint64().get(page.scanned_count) == SUCCESS;
  if (name == "LastEvaluatedKey") {
    ondemand::object key;
    std::string_view text;
    // Some servers send null for none.
    bool is_null = false;
    if (value.is_null().get(is_null) == SUCCESS && is_null) return true;
    if (value.get_object().get(key) != SUCCESS || key.raw_json().get(text) != SUCCESS) return false;
    while (!text.empty() && text.back() != '}') text.remove_suffix(1);
    page.last_evaluated_key = text;
    return true;
  }
  if (name == "ConsumedCapacity") {
    ondemand::object capacity;
    bool is_null = false;
    if (value.is_null().get(is_null) == SUCCESS && is_null) return true;
    if (value.get_object().get(capacity) != SUCCESS) return false;
    // Absent from some emulators; the rest of the page does not depend on it.
    double units = 0;
    if (capacity["CapacityUnits"].get_double().get(units) == SUCCESS) {
      page.consumed_read_units = units;
    }
    return true;
  }
  if (name == "Items") {
    ondemand::array items;
    return value.get_array().get(items) == SUCCESS;
  }
  return true;
}

bool ReadMembers(Page& page) {
  const simdjson::padded_string_view padded(page.body, page.body.capacity());
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(padded).get(document) != SUCCESS ||
      document.get_object().get(object) != SUCCESS) {
    return false;
  }
  bool has_count = false;
  for (auto entry : object) {
    ondemand::field field;
    std::string_view name;
    if (std::move(entry).get(field) != SUCCESS) return false;
    if (field.unescaped_key().get(name) != SUCCESS) return false;
    has_count = has_count || name == "Count";
    if (!ReadMember(name, field.value(), page)) return false;
  }
  // Past the closing brace there must be nothing.
  return has_count && document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

}  // namespace

Status ReadPageEnvelope(Page& page) {
  if (ReadMembers(page)) return {};
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kService;
  error.retryable = true;
  error.message = "the answer is no page of items";
  return Fail(std::move(error));
}

}  // namespace sumac::dynamodb
