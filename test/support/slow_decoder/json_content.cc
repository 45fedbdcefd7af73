#include "slow_decoder/json_content.h"

#include <simdjson.h>

#include "slow_decoder/slow_number.h"

namespace sumac::slow_decoder {
namespace {

namespace ondemand = simdjson::ondemand;

// simdjson's DOM refuses integers of more than 64 bits, so this walks the text On-Demand, where a
// number can be had as its characters.
void AppendContent(ondemand::value value, std::string& out);

void AppendObject(ondemand::object object, std::string& out) {
  out += '{';
  for (auto entry : object) {
    ondemand::field field = std::move(entry);
    AppendStringContent(std::string_view(field.unescaped_key()), out);
    AppendContent(field.value(), out);
  }
  out += '}';
}

void AppendNumber(ondemand::value value, std::string& out) {
  std::string_view text = value.raw_json_token();
  while (!text.empty() && (text.back() <= ' ')) text.remove_suffix(1);
  if (!IsJsonNumber(text)) throw simdjson::simdjson_error(simdjson::NUMBER_ERROR);
  AppendNumberContent(text, out);
}

void AppendContent(ondemand::value value, std::string& out) {
  switch (ondemand::json_type(value.type())) {
    case ondemand::json_type::object:
      return AppendObject(value.get_object(), out);
    case ondemand::json_type::array:
      out += '[';
      for (auto element : value.get_array()) AppendContent(element.value(), out);
      out += ']';
      return;
    case ondemand::json_type::string:
      return AppendStringContent(std::string_view(value.get_string()), out);
    case ondemand::json_type::number:
      return AppendNumber(value, out);
    case ondemand::json_type::boolean:
      out += bool(value.get_bool()) ? kTrueContent : kFalseContent;
      return;
    case ondemand::json_type::null:
      if (!bool(value.is_null())) throw simdjson::simdjson_error(simdjson::N_ATOM_ERROR);
      out += kNullContent;
      return;
  }
}

}  // namespace

void AppendStringContent(std::string_view text, std::string& out) {
  out += std::to_string(text.size()) + ':';
  out += text;
}

void AppendNumberContent(std::string_view text, std::string& out) {
  out += '#';
  out += text;
  out += ';';
}

std::optional<std::string> JsonContent(std::string_view text) {
  // In an array, because On-Demand gives a document that is a scalar no value, and so that the end
  // of `text` is checked.
  const simdjson::padded_string padded("[" + std::string(text) + "]");
  ondemand::parser parser;
  std::string out;
  try {
    ondemand::document document = parser.iterate(padded);
    int count = 0;
    for (auto element : document.get_array()) {
      AppendContent(element.value(), out);
      ++count;
    }
    // Behind the last token there is no location.
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    if (count != 1 || !at_end) return std::nullopt;
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
  return out;
}

}  // namespace sumac::slow_decoder
