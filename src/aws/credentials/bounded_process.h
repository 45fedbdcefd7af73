// A program run to its end within bounds, without a shell.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/result.h"
#include "base/secret_string.h"

namespace sumac::aws {

struct ProcessBounds {
  int timeout_ms = 60'000;
  size_t output_bytes_max = 64 << 10;
};

struct ProcessResult {
  // What it wrote to standard output.
  SecretString output;
  // The exit status, or 128 and the signal that ended it; 0 where the process ignores SIGCHLD, so
  // that the kernel keeps none.
  int exit_code = 0;
  // The first line of what it wrote to standard error.
  std::string complaint;
};

// Runs `words` (the first is looked up in the PATH of `environment`) with standard input at its
// end. Blocks. The program and the processes that it started in its group are killed when a bound
// is reached. Errors: kUnauthenticated: cannot be started, took too long, wrote too much;
// kCancelled.
Result<ProcessResult> RunBounded(const std::vector<std::string>& words,
                                 const Environment& environment, const ProcessBounds& bounds,
                                 const std::atomic<bool>* cancelled);

}  // namespace sumac::aws
