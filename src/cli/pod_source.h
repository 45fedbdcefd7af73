// The Spicepod of a command: from a file, or made from --from and --param.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "base/result.h"
#include "cli/command_line.h"
#include "spicepod/spicepod.h"

namespace sumac::cli {

// Whether the Spicepod's output_level counts: not when the command line or SUMAC_LOG chose one.
struct PodLogging {
  bool takes_output_level = true;
};

// Loads the file, takes over its output_level and logs its diagnostics. `files` as for
// spicepod::LoadSpicepod.
Result<spicepod::Spicepod> LoadPod(const std::string& path, PodLogging logging,
                                   std::vector<std::string>* files = nullptr);

// One dataset per --from. The table's name is what follows the prefix, with '.' as '_' because a
// dot would name a schema, unless --name says otherwise.
Result<spicepod::Spicepod> MakePod(const SqlOptions& options);

// What a table is called unless it is given a name: "users" for "dynamodb:users"; may be empty.
std::string TableNameOf(const std::string& from);

// A Spicepod of one dataset that stands for no table: only its region and profile count.
spicepod::Spicepod MakePodForRegion(const CredentialsOptions& options);

// The process's environment.
Environment ProcessEnvironment();

}  // namespace sumac::cli
