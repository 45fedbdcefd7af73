// What a running server says of its datasets, as text for a terminal. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "server/client/server_client.h"

namespace sumac::cli {

// A line per dataset under a line of names, columns aligned. Columns that no dataset has anything
// for are left out; without an accelerated dataset, the reason of a failure stands last on its
// line, else below it. `now` counts where a server says of no copy what time it has.
std::string DatasetsReport(const std::vector<server::ListedDataset>& datasets, WallTime now);

// "512 B", "1.2 MiB", "345 GiB".
std::string BinaryBytesText(uint64_t bytes);

}  // namespace sumac::cli
