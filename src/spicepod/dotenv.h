// Dotenv files: NAME=value lines. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sumac::spicepod {

// Comments (#), `export`, single quotes (as they stand), double quotes (\n \r \t \" \\ \$), CRLF
// and a byte order mark are understood; the last of two lines with one name wins. Error
// kInvalidArgument with "file:line: what is wrong"; it never shows the value.
Result<std::map<std::string, std::string>> ParseDotenv(std::string_view text,
                                                       const std::string& file_name);

}  // namespace sumac::spicepod
