#include "items/page_items.h"

#include <string>

#include <simdjson.h>

#include "net/transport.h"

namespace sumac::items {
namespace {

static_assert(net::kBodyPaddingBytes >= JsonCursor::kPaddingBytes);

// Moves behind the bracket that opens the array of Items; false when there is none.
bool FindItems(JsonCursor& json) {
  if (!json.Take('{')) return false;
  bool closed = false;
  do {
    std::string_view name;
    if (!json.ReadString(name) || !json.Take(':')) return false;
    if (name == "Items") return json.Take('[');
    if (!json.SkipValue()) return false;
  } while (json.TakeSeparator('}', closed));
  return false;
}

// Behind the array of Items: the other members, and nothing behind them. A page that breaks off, or
// whose structure is not what the reader of its envelope took it for, is none.
bool EndsWell(JsonCursor& json) {
  bool closed = false;
  while (json.TakeSeparator('}', closed)) {
    std::string_view name;
    if (!json.ReadString(name) || !json.Take(':') || !json.SkipValue()) return false;
  }
  return closed && json.AtEnd();
}

}  // namespace

Status PageItems::Start(std::string_view body) {
  state_ = State::kEnd;
  // Once for all strings in it; with vector instructions that is nearly free.
  if (!simdjson::validate_utf8(body.data(), body.size())) {
    return sumac::Fail(Corrupt("not UTF-8"));
  }
  json_.Start(body);
  if (!FindItems(json_)) return sumac::Fail(Corrupt("no array of Items"));
  if (!json_.Take(']')) {
    state_ = State::kFirst;
  } else if (!EndsWell(json_)) {
    return sumac::Fail(Corrupt("it does not end where it should"));
  }
  return {};
}

bool PageItems::Next() {
  bool closed = false;
  switch (state_) {
    case State::kFirst:
      state_ = State::kFurther;
      return true;
    case State::kFurther:
      if (json_.TakeSeparator(']', closed)) return true;
      state_ = closed && EndsWell(json_) ? State::kEnd : State::kFailed;
      return false;
    case State::kEnd:
    case State::kFailed:
      break;
  }
  return false;
}

Error PageItems::Corrupt(std::string_view detail) {
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kService;
  error.retryable = true;
  error.message = "the response is no page of DynamoDB items (" + std::string(detail) + ")";
  return error;
}

}  // namespace sumac::items
