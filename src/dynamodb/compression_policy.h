// Decides whether to ask for compressed pages: compression saves time on the wire and costs time of
// the processor. Pure: it is given what was measured.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>

#include "base/clock.h"

namespace sumac::dynamodb {

enum class Compression {
  kAuto,  // asks when the wire is slow enough for it to pay
  kOn,
  kOff,
};

// How one body came.
struct BodyTransfer {
  size_t wire_bytes = 0;
  size_t decoded_bytes = 0;
  bool compressed = false;
  // From the first byte of the response to its last.
  MonotonicTime began;
  MonotonicTime ended;
  std::chrono::nanoseconds inflating{0};
};

// Thread-safe. One per endpoint and its readers.
//
// Under kAuto it begins without compression and adds up, page by page, how long the wire
// was busy for each decoded byte. When compression promises to be cheaper, it is tried; what
// it then really costs, inflating included, decides. The way not taken is tried again once in a
// long while, because links change.
class CompressionPolicy {
 public:
  explicit CompressionPolicy(Compression mode) : mode_(mode), asking_(mode == Compression::kOn) {}

  // Whether the next request is to accept gzip.
  bool AsksForGzip() const;

  // Takes in how a body came. Bodies that are too short to tell are passed over.
  void Observe(const BodyTransfer& transfer);

 private:
  // What one way costs, in seconds for each decoded byte.
  struct Way {
    double window_bytes = 0;  // decoded, since the last decision
    double decoded_bytes = 0;
    double seconds = 0;
    std::optional<double> cost;
  };

  void Decide();

  const Compression mode_;
  mutable std::mutex mutex_;
  bool asking_;                  // guarded
  Way plain_;                    // guarded
  Way gzip_;                     // guarded
  MonotonicTime covered_until_;  // guarded; the wire's time up to here is counted
  int windows_ = 0;              // guarded; since the other way was last tried
};

}  // namespace sumac::dynamodb
