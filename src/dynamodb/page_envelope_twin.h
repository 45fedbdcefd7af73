// Compares the two ways to read around the items of a page, for the tests and the fuzzer.
#pragma once

#include <optional>
#include <string>

#include <simdjson.h>

#include "dynamodb/page_envelope.h"

namespace sumac::dynamodb {

inline Page PageOf(const std::string& body) {
  Page page;
  page.body = std::string_view(body);
  return page;
}

// Says how the two differ; nothing when they agree, or when `body` is no page, or no JSON, because
// then whoever reads the items finds out.
inline std::optional<std::string> EnvelopeDifference(const std::string& body) {
  Page fast = PageOf(body);
  Page slow = PageOf(body);
  const auto fast_status = ReadPageEnvelope(fast);
  if (!ReadPageEnvelopeWhole(slow)) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (parser.parse(body).get(document) != simdjson::SUCCESS) return std::nullopt;
  if (!fast_status) return "refused: " + fast_status.error().message;
  if (fast.count != slow.count) return "Count";
  if (fast.scanned_count != slow.scanned_count) return "ScannedCount";
  if (fast.consumed_read_units != slow.consumed_read_units) return "ConsumedCapacity";
  if (fast.last_evaluated_key != slow.last_evaluated_key) return "LastEvaluatedKey";
  if (fast.items_begin != slow.items_begin) return "the beginning of Items";
  if (fast.items_end != slow.items_end) return "the end of Items";
  return std::nullopt;
}

}  // namespace sumac::dynamodb
