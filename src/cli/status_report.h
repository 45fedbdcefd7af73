// What a running server says of itself, as text. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "server/client/server_client.h"

namespace sumac::cli {

// One row per component, and one named "datasets" that is "Ready" when `ready`. Every text is made
// harmless for a terminal. Ends with a newline.
std::string StatusReport(const std::vector<server::ListedComponent>& components, bool ready,
                         StatusFormat format);

}  // namespace sumac::cli
