#include "dynamodb/compression_policy.h"

#include <algorithm>

namespace sumac::dynamodb {
namespace {

// Shorter bodies come in one piece, whatever the wire.
constexpr size_t kDecodedBytesMin = 64 << 10;
constexpr double kWindowBytes = 1e6;
// How much of what was measured still counts after another window.
constexpr double kRemembered = 15.0 / 16;
// Seconds of the processor count more than those of the wire: the wire's pass while others decode.
constexpr double kProcessorWeight = 3;
// Until it is measured: pages of items shrink to a fifth or less, and a core inflates 1.4 GB/s.
constexpr double kGuessedRatio = 5;
constexpr double kGuessedInflatingSecondsPerByte = 1 / 1.4e9;
// Compression has to be this much cheaper to be tried: measurements vary.
constexpr double kCheaper = 0.8;
constexpr int kWindowsBetweenTrials = 1024;

double Seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

bool CompressionPolicy::AsksForGzip() const {
  std::lock_guard lock(mutex_);
  return asking_;
}

void CompressionPolicy::Observe(const BodyTransfer& transfer) {
  if (mode_ != Compression::kAuto) return;
  std::lock_guard lock(mutex_);
  // Several bodies share the wire: time that they were under way together counts once.
  const auto began = std::max(transfer.began, covered_until_);
  covered_until_ = std::max(covered_until_, transfer.ended);
  if (transfer.decoded_bytes < kDecodedBytesMin) return;
  Way& way = transfer.compressed ? gzip_ : plain_;
  way.decoded_bytes += static_cast<double>(transfer.decoded_bytes);
  way.seconds += std::max(0.0, Seconds(transfer.ended - began)) +
                 kProcessorWeight * Seconds(transfer.inflating);
  way.window_bytes += static_cast<double>(transfer.decoded_bytes);
  if (way.window_bytes < kWindowBytes) return;
  way.cost = way.seconds / way.decoded_bytes;
  way.window_bytes = 0;
  // Of bodies that came together the first bears all of the time, so a window alone says little.
  way.decoded_bytes *= kRemembered;
  way.seconds *= kRemembered;
  Decide();
}

void CompressionPolicy::Decide() {
  ++windows_;
  Way& other = asking_ ? plain_ : gzip_;
  if (windows_ > kWindowsBetweenTrials) {
    windows_ = 0;
    other = Way();
    // Without compression the wire itself says whether another trial of it is worth while.
    if (asking_) asking_ = false;
  }
  if (!plain_.cost) return;
  const double gzip_cost = gzip_.cost.value_or(*plain_.cost / kGuessedRatio +
                                               kProcessorWeight * kGuessedInflatingSecondsPerByte);
  if (asking_ && gzip_.cost && *plain_.cost < gzip_cost) {
    asking_ = false;
    windows_ = 0;
  } else if (!asking_ && gzip_cost < kCheaper * *plain_.cost) {
    asking_ = true;
    windows_ = 0;
  }
}

}  // namespace sumac::dynamodb
