#include "dynamodb/stream_controller.h"

#include <algorithm>
#include <cmath>

namespace sumac::dynamodb {
namespace {

// The part of what added streams would bring on a service with room that they have to bring for the
// doubling to go on: twice the streams 1.25 times as much. What answers fluctuate by must not look
// like that.
constexpr double kDoublingGain = 0.25;
// Below this times what there was before, all that was added is taken back.
constexpr double kWorthKeeping = 1.1;
// Of the streams that would read the known rate, those to go to at once: one stream alone may read
// more than one of many, and others may read the table as well.
constexpr double kFirstStep = 0.5;
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
  const double seconds = std::max(took.count(), 1e-6);
  seconds_ += seconds;
  if (limits_.rate && amount * 2 >= limits_.rate->whole_page) {
    best_per_second_ = std::max(best_per_second_, amount / seconds);
  }
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
  best_per_second_ = 0;
}

void StreamController::OnTableThrottle() {
  if (!doubling_) return;
  doubling_ = false;
  if (base_ && width_ > 2 * base_->width) GoTo(2 * base_->width);
  base_.reset();
}

void StreamController::OnReaderWaits() {
  if (doubling_) {
    Double();
  } else {
    Probe();
  }
}

int StreamController::FirstStep() const {
  const int twice = width_ * 2;
  // Short pages and refusals say nothing of what a stream reads.
  if (best_per_second_ <= 0) return twice;
  const double streams = limits_.rate->amount_per_second / best_per_second_ * kFirstStep;
  return std::max(twice, static_cast<int>(std::min<double>(streams, width_ * kFirstStepMax)));
}

void StreamController::Double() {
  if (answers_ < width_) return;
  const double worth = Worth();
  if (base_) {
    const double step = static_cast<double>(width_) / base_->width - 1;
    if (worth < base_->worth * (1 + kDoublingGain * step)) {
      doubling_ = false;
      // A long step may have been good for a part of it.
      const double gain = worth / std::max(base_->worth, 1e-6);
      const int width =
          gain < kWorthKeeping
              ? base_->width
              : std::min(width_, static_cast<int>(std::ceil(2 * base_->width * gain)));
      base_.reset();
      if (width != width_) GoTo(width);
      return;
    }
  }
  if (width_ == limits_.most) {
    doubling_ = false;
    base_.reset();
    return;
  }
  const int next = round_ == 1 ? FirstStep() : width_ * 2;
  base_ = {width_, worth};
  GoTo(next);
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
