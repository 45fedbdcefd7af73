#include "dynamodb/items_by_key.h"

#include "dynamodb/response_members.h"

namespace sumac::dynamodb {
namespace {

using simdjson::SUCCESS;
namespace ondemand = simdjson::ondemand;

struct Answer {
  std::string items;  // without the brackets around them
  uint64_t count = 0;
  std::string unprocessed_keys;
  double consumed_read_units = 0;
};

bool IsNull(ondemand::value& value) {
  bool is_null = false;
  return value.is_null().get(is_null) == SUCCESS && is_null;
}

// Appends an object's text.
bool AppendItem(ondemand::object item, Answer& answer) {
  std::string_view text;
  if (item.raw_json().get(text) != SUCCESS) return false;
  if (answer.count > 0) answer.items += ',';
  answer.items += text;
  answer.count += 1;
  return true;
}

// {"CapacityUnits": ...}, and of a BatchGetItem an array of them.
bool ReadCapacity(ondemand::value value, Answer& answer) {
  if (IsNull(value)) return true;
  const auto add = [&answer](ondemand::object capacity) {
    double units = 0;
    // Absent from some emulators.
    if (capacity["CapacityUnits"].get_double().get(units) == SUCCESS) {
      answer.consumed_read_units += units;
    }
  };
  ondemand::json_type type{};
  if (value.type().get(type) != SUCCESS) return false;
  if (type == ondemand::json_type::object) {
    ondemand::object capacity;
    if (value.get_object().get(capacity) != SUCCESS) return false;
    add(capacity);
    return true;
  }
  ondemand::array tables;
  if (value.get_array().get(tables) != SUCCESS) return false;
  for (auto element : tables) {
    ondemand::object capacity;
    if (element.get_object().get(capacity) != SUCCESS) return false;
    add(capacity);
  }
  return true;
}

// {"table": [items]}.
bool ReadResponses(ondemand::value value, Answer& answer) {
  ondemand::object tables;
  if (value.get_object().get(tables) != SUCCESS) return false;
  for (auto table : tables) {
    ondemand::array items;
    if (table.value().get_array().get(items) != SUCCESS) return false;
    for (auto element : items) {
      ondemand::object item;
      if (element.get_object().get(item) != SUCCESS || !AppendItem(item, answer)) return false;
    }
  }
  return true;
}

// {"table": {"Keys": [...], ...}}.
bool ReadUnprocessed(ondemand::value value, Answer& answer) {
  if (IsNull(value)) return true;
  ondemand::object tables;
  if (value.get_object().get(tables) != SUCCESS) return false;
  for (auto table : tables) {
    ondemand::object request;
    ondemand::array keys;
    std::string_view text;
    if (table.value().get_object().get(request) != SUCCESS ||
        request["Keys"].get_array().get(keys) != SUCCESS || keys.raw_json().get(text) != SUCCESS) {
      return false;
    }
    answer.unprocessed_keys = text.substr(0, text.rfind(']') + 1);
  }
  return true;
}

bool ReadMember(std::string_view name, ondemand::value value, Answer& answer) {
  if (name == "Responses") {
    return ReadResponses(value, answer);
  }
  if (name == "UnprocessedKeys") return ReadUnprocessed(value, answer);
  if (name == "ConsumedCapacity") return ReadCapacity(value, answer);
  if (name == "Item" && !IsNull(value)) {
    ondemand::object item;
    return value.get_object().get(item) == SUCCESS && AppendItem(item, answer);
  }
  return true;
}

bool ReadAnswer(std::string_view body, Answer& answer) {
  return ReadResponseMembers(body, [&answer](std::string_view name, ondemand::value value) {
    return ReadMember(name, value, answer);
  });
}

}  // namespace

Status MakePageOfItems(Page& page) {
  Answer answer;
  if (!ReadAnswer(page.body, answer)) {
    Error error;
    error.code = ErrorCode::kDataCorrupt;
    error.blame = Blame::kService;
    error.retryable = true;
    error.message = "the answer is no item, nor a batch of them";
    return Fail(std::move(error));
  }
  const std::string begin = "{\"Count\":" + std::to_string(answer.count) + ",\"Items\":";
  page.items_begin = begin.size();
  page.items_end = begin.size() + answer.items.size() + 2;
  page.body = net::BodyBuffer(begin + "[" + answer.items + "]}");
  page.count = page.scanned_count = answer.count;
  page.last_evaluated_key = std::move(answer.unprocessed_keys);
  page.consumed_read_units = answer.consumed_read_units;
  return {};
}

Result<std::vector<std::string>> ItemTexts(const Page& page) {
  std::vector<std::string> texts;
  // A copy with the padding that the reader wants.
  const net::BodyBuffer items(
      page.body.view().substr(page.items_begin, page.items_end - page.items_begin));
  if (items.empty()) return texts;
  ondemand::parser parser;
  ondemand::document document;
  ondemand::array array;
  const simdjson::padded_string_view padded(items.data(), items.size(),
                                            items.size() + net::kBodyPaddingBytes);
  bool good =
      parser.iterate(padded).get(document) == SUCCESS && document.get_array().get(array) == SUCCESS;
  if (good) {
    for (auto element : array) {
      ondemand::object item;
      std::string_view text;
      good = element.get_object().get(item) == SUCCESS && item.raw_json().get(text) == SUCCESS;
      if (!good) break;
      texts.emplace_back(text);
    }
  }
  if (!good) {
    return Fail(ErrorCode::kDataCorrupt, "the items of a page are not readable");
  }
  return texts;
}

}  // namespace sumac::dynamodb
