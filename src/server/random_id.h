// Identifiers that nobody can guess.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sumac::server {

// A UUID of version 4 (RFC 9562): 122 random bits, as "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".
std::string RandomId();

// `bytes` random bytes, as twice as many lowercase hexadecimal digits.
std::string RandomHex(size_t bytes);

// Whether `text` is written as a UUID, of any version.
bool IsUuid(std::string_view text);

}  // namespace sumac::server
