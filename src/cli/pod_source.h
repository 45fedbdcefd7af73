// The Spicepod of a command: from a file, or made from --from and --param.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "cli/command_line.h"
#include "spicepod/spicepod.h"

namespace sumac::cli {

// Loads the file and logs its diagnostics.
Result<spicepod::Spicepod> LoadPod(const std::string& path);

// One dataset per --from. The table's name is what follows the prefix, with '.' as '_' because a
// dot would name a schema, unless --name says otherwise.
Result<spicepod::Spicepod> MakePod(const SqlOptions& options);

// The process's environment.
std::map<std::string, std::string> ProcessEnvironment();

}  // namespace sumac::cli
