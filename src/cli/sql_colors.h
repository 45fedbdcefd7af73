// The colors of SQL that is being typed. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/line_view.h"

namespace sumac::cli {

// One for each byte.
std::vector<TextColor> ColorsOfSql(const std::string& sql);

}  // namespace sumac::cli
