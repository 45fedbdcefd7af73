// A bordered table, as results are written, laid out for a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace sumac::cli {

// As it is when it fits into `width`. Else long values end in "…", and columns that still do not
// fit are left out, from the right, with a line below that names them. Text that is no table comes
// back as it is.
std::string FitTable(const std::string& table, size_t width);

// A line for each value, "name | value", and one above each row: for rows of many columns.
std::string ExpandTable(const std::string& table);

}  // namespace sumac::cli
