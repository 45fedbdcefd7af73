// What the program's exit code says; docs/cli.md lists them.
#pragma once

namespace sumac::cli {

enum ExitCode : int {
  kExitAnswer = 0,       // every statement was answered
  kExitQueryFailed = 1,  // a statement failed or was cancelled
  kExitUsage = 2,        // wrong use of the program, or a wrong configuration
};

}  // namespace sumac::cli
