#include <cstdio>

#include <duckdb.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "sumac_version.h"

namespace sumac::cli {

int RunVersionCommand() {
  fmt::print("sumac {}\nDuckDB {}\n", SUMAC_VERSION, duckdb::DuckDB::LibraryVersion());
  return kExitAnswer;
}

}  // namespace sumac::cli
