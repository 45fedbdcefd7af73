// The report of `sumac schema`.
#pragma once

#include <string>

#include "datasets/connector.h"

namespace sumac::cli {

// Text for a person, lines of at most 100 columns where names and values let it. What comes from
// the table cannot break a line or the terminal.
std::string MakeSchemaReport(const std::string& dataset_name,
                             const datasets::TableInspection& table);

}  // namespace sumac::cli
