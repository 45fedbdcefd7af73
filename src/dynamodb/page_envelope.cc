#include "dynamodb/page_envelope.h"

#include "base/json_cursor.h"
#include "dynamodb/items_span.h"
#include "dynamodb/response_members.h"

namespace sumac::dynamodb {
namespace {

using simdjson::SUCCESS;
namespace ondemand = simdjson::ondemand;

// What a page says around its items, and which of it was there.
struct Envelope {
  uint64_t count = 0;
  uint64_t scanned_count = 0;
  std::string last_evaluated_key;
  double consumed_read_units = 0;
  std::string_view items;  // in the text that was read; empty when there are none
  bool has_count = false;
  bool has_scanned_count = false;
  bool has_consumed_read_units = false;
  int members_items = 0;
};

// The text of a value without the blanks after it.
std::string_view Trimmed(std::string_view text, char last) {
  return text.substr(0, text.rfind(last) + 1);
}

// Reads one member of the page; false when it has the wrong type.
bool ReadMember(std::string_view name, ondemand::value value, Envelope& envelope) {
  if (name == "Count") {
    envelope.has_count = true;
    return value.get_uint64().get(envelope.count) == SUCCESS;
  }
  if (name == "ScannedCount") {
    envelope.has_scanned_count = true;
    return value.get_uint64().get(envelope.scanned_count) == SUCCESS;
  }
  if (name == "LastEvaluatedKey") {
    ondemand::object key;
    std::string_view text;
    // Some servers send null for none.
    bool is_null = false;
    if (value.is_null().get(is_null) == SUCCESS && is_null) return true;
    if (value.get_object().get(key) != SUCCESS || key.raw_json().get(text) != SUCCESS) return false;
    envelope.last_evaluated_key = Trimmed(text, '}');
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
      envelope.has_consumed_read_units = true;
      envelope.consumed_read_units = units;
    }
    return true;
  }
  if (name == "Items") {
    ondemand::array items;
    ++envelope.members_items;
    if (value.get_array().get(items) != SUCCESS || items.raw_json().get(envelope.items) != SUCCESS)
      return false;
    envelope.items = Trimmed(envelope.items, ']');
    return true;
  }
  return true;
}

// `text` has its padding after it.
bool ReadMembers(std::string_view text, Envelope& envelope) {
  const auto read = [&envelope](std::string_view name, ondemand::value value) {
    return ReadMember(name, value, envelope);
  };
  return ReadResponseMembers(text, read) && envelope.has_count;
}

// Whether an array begins and ends there, in a body that is JSON. Costs a fraction of reading the
// page, but grows with it.
bool IsOneArray(std::string_view body, ItemsSpan items) {
  JsonCursor json(body);
  json.MoveTo(body.data() + items.begin);
  return json.SkipValue() && json.position() == body.data() + items.end;
}

// Reads the page as if it had no items. False when that does not tell all that there is to know.
bool ReadAroundItems(std::string_view body, ItemsSpan items, Envelope& envelope) {
  std::string around;
  around.reserve(body.size() - (items.end - items.begin) + 2 + net::kBodyPaddingBytes);
  around.append(body.substr(0, items.begin)).append("[]").append(body.substr(items.end));
  if (!ReadMembers(around, envelope)) return false;
  if (envelope.members_items != 1 || !envelope.has_scanned_count ||
      !envelope.has_consumed_read_units) {
    return false;
  }
  // A member that is missing might stand before an end that is wrong, and nobody may take a page
  // for the last of its segment by mistake.
  return !envelope.last_evaluated_key.empty() || IsOneArray(body, items);
}

void Take(Envelope envelope, ItemsSpan items, Page& page) {
  page.count = envelope.count;
  page.scanned_count = envelope.scanned_count;
  page.last_evaluated_key = std::move(envelope.last_evaluated_key);
  page.consumed_read_units = envelope.consumed_read_units;
  page.items_begin = items.begin;
  page.items_end = items.end;
}

}  // namespace

Status ReadPageEnvelopeWhole(Page& page) {
  Envelope envelope;
  if (ReadMembers(page.body, envelope)) {
    ItemsSpan items;
    if (!envelope.items.empty()) {
      items.begin = static_cast<size_t>(envelope.items.data() - page.body.view().data());
      items.end = items.begin + envelope.items.size();
    }
    Take(std::move(envelope), items, page);
    return {};
  }
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kService;
  error.retryable = true;
  error.message = "the answer is no page of items";
  return Fail(std::move(error));
}

Status ReadPageEnvelope(Page& page) {
  Envelope envelope;
  const auto items = FindItems(page.body);
  if (!items || !ReadAroundItems(page.body, *items, envelope)) return ReadPageEnvelopeWhole(page);
  Take(std::move(envelope), *items, page);
  return {};
}

}  // namespace sumac::dynamodb
