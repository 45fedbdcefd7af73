// Names and texts as SQL writes them. Internal to engine/, datasets/ composes conditions with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sumac::engine {

// "a" with its quotes doubled, in quotes.
std::string QuotedIdentifier(std::string_view name);

// 'a', in the same way.
std::string QuotedText(std::string_view text);

// The names, quoted, with `separator` between them.
std::string IdentifierList(const std::vector<std::string>& names,
                           std::string_view separator = ", ");

}  // namespace sumac::engine
