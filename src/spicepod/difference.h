// What has changed from one version of a Spicepod to the next. Where something stands in its file
// is no part of it.
#pragma once

#include <string>
#include <vector>

#include "spicepod/spicepod.h"

namespace sumac::spicepod {

// The same for all ways to write the name of a table: SQL compares without regard to case, and
// `users` is `public.users`.
std::string TableKey(const std::string& name);

bool SameDataset(const Dataset& before, const Dataset& now);
bool SameView(const View& before, const View& now);

// The key paths under `runtime` whose values differ and count when a process starts only.
std::vector<std::string> KeysForRestart(const RuntimeSettings& before, const RuntimeSettings& now);

}  // namespace sumac::spicepod
