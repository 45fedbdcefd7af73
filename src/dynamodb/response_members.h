// Reads a response of DynamoDB, which is one JSON object, member by member. Internal to dynamodb/.
#pragma once

#include <string_view>
#include <utility>

#include <simdjson.h>

#include "net/body_buffer.h"

namespace sumac::dynamodb {

// Calls `read(name, value)` for each member, which returns whether the value is what it should be.
// False when one is not, or `text` is not one object alone. `text` has its padding after it
// (net::kBodyPaddingBytes); what is read may point into it.
template <typename Read>
bool ReadResponseMembers(std::string_view text, Read read) {
  namespace ondemand = simdjson::ondemand;
  constexpr auto kSuccess = simdjson::SUCCESS;
  const simdjson::padded_string_view padded(text, text.size() + net::kBodyPaddingBytes);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(padded).get(document) != kSuccess ||
      document.get_object().get(object) != kSuccess) {
    return false;
  }
  for (auto entry : object) {
    ondemand::field field;
    std::string_view name;
    if (std::move(entry).get(field) != kSuccess) return false;
    if (field.unescaped_key().get(name) != kSuccess) return false;
    if (!read(name, field.value())) return false;
  }
  // Past the closing brace there must be nothing.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

}  // namespace sumac::dynamodb
