// How old what a copy shows is.
#pragma once

#include <algorithm>
#include <chrono>

#include "datasets/runtime.h"

namespace sumac::datasets {

// Never negative, whatever became of the machine's clock meanwhile.
inline std::chrono::milliseconds AgeOf(const CopyStatus& copy, WallTime now) {
  using std::chrono::milliseconds;
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(now - copy.read_at));
}

inline double AgeSecondsOf(const CopyStatus& copy, WallTime now) {
  return static_cast<double>(AgeOf(copy, now).count()) / 1'000;
}

}  // namespace sumac::datasets
