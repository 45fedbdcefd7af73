// Names in the form that SQL needs no quotes for.
#pragma once

#include <string>
#include <string_view>

namespace sumac {

// Returns the ASCII letters and digits of `text` in lower case, words joined by '_': order_item for
// "OrderItem", "ORDER_ITEM#" and "order-item". May be empty, and may begin with a digit.
std::string SnakeCase(std::string_view text);

}  // namespace sumac
