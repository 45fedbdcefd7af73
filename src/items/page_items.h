// Goes over the items of a page. Internal to items/.
#pragma once

#include <string_view>

#include "base/result.h"
#include "items/attribute_value.h"

namespace sumac::items {

// Not thread-safe. Between two calls of Next the item that it found has to be read from json().
class PageItems {
 public:
  // Finds the array of Items of a Scan response. `body` must stay unchanged, and be followed by
  // net::kBodyPaddingBytes readable bytes, until the last item is read. Error kDataCorrupt
  // (retryable) when it is no page or no UTF-8.
  Status Start(std::string_view body);

  // True when an item comes next. False behind the last one, and when something else comes: Failed
  // then says which.
  bool Next();
  bool Failed() const { return state_ == State::kFailed; }
  // For readers of items that find one broken.
  void Fail() { state_ = State::kFailed; }

  JsonCursor& json() { return json_; }

  static Error Corrupt(std::string_view detail);

 private:
  enum class State { kFirst, kFurther, kEnd, kFailed };

  JsonCursor json_;
  State state_ = State::kEnd;
};

// Calls `use(JsonCursor&)` with each item of a Scan response; false from it means that the item is
// none. `body` and the errors are those of PageItems::Start.
template <typename Use>
Status ForEachItem(std::string_view body, Use use) {
  PageItems items;
  SUMAC_RETURN_IF_ERROR(items.Start(body));
  while (items.Next()) {
    if (!use(items.json())) items.Fail();
  }
  if (items.Failed()) return Fail(PageItems::Corrupt("a broken item"));
  return {};
}

}  // namespace sumac::items
