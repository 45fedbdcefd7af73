// Percent-encoding as AWS signs it (RFC 3986: everything but unreserved characters).
#pragma once

#include <string>
#include <string_view>

namespace sumac::aws {

// Upper-case hex; a slash is encoded unless it is kept.
std::string PercentEncode(std::string_view text, bool keep_slash = false);

}  // namespace sumac::aws
