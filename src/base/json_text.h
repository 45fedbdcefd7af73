// JSON text, the writing half: what every room that composes a request or an answer needs.
#pragma once

#include <string>
#include <string_view>

namespace sumac {

// Appends `text` (UTF-8) to `out` as a JSON string with its quotes (RFC 8259, section 7): quote,
// backslash and control characters are escaped, all else stands as it is.
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace sumac
