#include "dynamodb/stream_controller.h"

#include <algorithm>

namespace sumac::dynamodb {
namespace {

// Twice the streams have to be worth this much more for the doubling to go on. On a service that
// has room they are worth twice as much; what answers fluctuate by must not look like that.
constexpr double kDoublingGain = 1.25;
// Below this the half that was added is taken back.
constexpr double kWorthKeeping = 1.1;
// Of a step up, this part of what it would bring on a service with room; of a step down, what may
// be lost by it.
constexpr double kStepGain = 0.3;
constexpr double kStepLoss = 0.02;
// A step that brings this much of it shows that there is room for more than steps.
constexpr double kFullGain = 0.8;

}  // namespace

StreamController::StreamController(StreamLimits limits) : limits_(limits) {
  limits_.most = std::max(1, limits_.most);
  width_ = std::clamp(limits_.start, 1, limits_.most);
}

void StreamController::OnAnswer(uint64_t round, double amount, std::chrono::duration<double> took) {
  // Sent while there were more or fewer streams: says nothing of this number.
  if (round != round_) return;
  ++answers_;
  amount_ += amount;
  seconds_ += std::max(took.count(), 1e-6);
}

double StreamController::Worth() const {
  return width_ * amount_ / std::max(seconds_, 1e-6);
}

void StreamController::GoTo(int width) {
  width_ = std::clamp(width, 1, limits_.most);
  ++round_;
  answers_ = 0;
  amount_ = 0;
  seconds_ = 0;
}

void StreamController::OnTableThrottle() {
  if (!doubling_) return;
  doubling_ = false;
  base_.reset();
}

void StreamController::OnReaderWaits() {
  if (doubling_) {
    Double();
  } else {
    Probe();
  }
}

void StreamController::Double() {
  if (answers_ < width_) return;
  const double worth = Worth();
  if (base_ && worth < base_->worth * kDoublingGain) {
    doubling_ = false;
    const int width = worth < base_->worth * kWorthKeeping ? base_->width : width_;
    base_.reset();
    if (width != width_) GoTo(width);
    return;
  }
  if (width_ == limits_.most) {
    doubling_ = false;
    base_.reset();
    return;
  }
  base_ = {width_, worth};
  GoTo(width_ * 2);
}

void StreamController::Probe() {
  if (base_) {
    // Two rounds, because a small step shows less than a doubling.
    if (answers_ < 2 * width_) return;
    const double worth = Worth();
    const double step = static_cast<double>(width_) / base_->width - 1;
    const bool helps = step > 0 ? worth >= base_->worth * (1 + kStepGain * step)
                                : worth >= base_->worth * (1 - kStepLoss);
    stay_rounds_ = helps ? kStayRoundsMin : std::min(stay_rounds_ * 2, kStayRoundsMax);
    // What helped is tried again in the same direction.
    if (!helps) try_lower_ = !try_lower_;
    doubling_ = step > 0 && worth >= base_->worth * (1 + kFullGain * step);
    const int back = base_->width;
    base_.reset();
    GoTo(helps ? width_ : back);
    return;
  }
  if (answers_ < stay_rounds_ * width_) return;
  const int step = std::max(1, width_ / (try_lower_ ? 8 : 4));
  const int width = std::clamp(try_lower_ ? width_ - step : width_ + step, 1, limits_.most);
  if (width == width_) {
    try_lower_ = !try_lower_;
    GoTo(width_);
    return;
  }
  base_ = {width_, Worth()};
  GoTo(width);
}

}  // namespace sumac::dynamodb
