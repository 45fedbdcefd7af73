#include "dynamodb/learned_rate.h"

#include <algorithm>
#include <cmath>

namespace sumac::dynamodb {
namespace {

constexpr auto kSlot = std::chrono::milliseconds(100);
constexpr int64_t kPeakSlots = 3;

// Kept of what the table bore.
constexpr double kKept = 0.9;
// Streams that double have asked for this many times of what has been given so far.
constexpr double kAskedAhead = 2;
// Back at the rate of the throttle after this long; sooner when that rate is a guess.
constexpr double kRecoverySeconds = 5;
constexpr double kGuessedRecoverySeconds = 1;
constexpr auto kKnownWellAfter = std::chrono::seconds(1);
// A rate of a few units a second still asks whether there are more.
constexpr double kUnitsPerSecondMin = 5;
// So far above what the table bore a throttle no longer says anything.
constexpr double kForgottenAbove = 16;

int64_t SlotNumber(MonotonicTime time) {
  return time.time_since_epoch() / kSlot;
}

}  // namespace

void LearnedRate::RecentUnits::Add(double units, MonotonicTime now) {
  const int64_t number = SlotNumber(now);
  auto& slot = slots_[static_cast<size_t>(number % static_cast<int64_t>(kSlots))];
  if (slot.number != number) slot = {number, 0};
  slot.units += units;
}

double LearnedRate::RecentUnits::PeakPerSecond(MonotonicTime now) const {
  const int64_t last = SlotNumber(now);
  const auto units_of = [this](int64_t number) {
    if (number < 0) return 0.0;
    const auto& slot = slots_[static_cast<size_t>(number % static_cast<int64_t>(kSlots))];
    return slot.number == number ? slot.units : 0.0;
  };
  const int64_t first = last - static_cast<int64_t>(kSlots) + 1;
  double peak = 0;
  for (int64_t end = last; end - kPeakSlots + 1 >= first; --end) {
    double units = 0;
    for (int64_t i = 0; i < kPeakSlots; ++i) units += units_of(end - i);
    peak = std::max(peak, units);
  }
  return peak / (std::chrono::duration<double>(kSlot).count() * kPeakSlots);
}

void LearnedRate::OnGiven(double units, MonotonicTime now) {
  if (!first_given_at_) first_given_at_ = now;
  given_.Add(units, now);
}

bool LearnedRate::OnThrottle(MonotonicTime sent_at, MonotonicTime now) {
  // It was on its way when the rate was lowered.
  if (last_ && sent_at <= last_->at) return false;
  const double asked = asked_.PeakPerSecond(now);
  const double given = given_.PeakPerSecond(now);
  double borne = std::min(asked, UnitsPerSecond(now).value_or(asked));
  borne = given > 0 ? std::min(borne, kAskedAhead * given) : borne / kAskedAhead;
  Throttle throttle;
  throttle.at = now;
  throttle.units_per_second = std::max(borne, kUnitsPerSecondMin);
  throttle.known_well = first_given_at_ && now - *first_given_at_ >= kKnownWellAfter;
  last_ = throttle;
  return true;
}

std::optional<double> LearnedRate::UnitsPerSecond(MonotonicTime now) const {
  if (!last_) return std::nullopt;
  const double recovery = last_->known_well ? kRecoverySeconds : kGuessedRecoverySeconds;
  const double seconds = std::chrono::duration<double>(now - last_->at).count();
  const double distance = (seconds - recovery) / recovery;
  const double share = 1 + (1 - kKept) * distance * distance * distance;
  if (share > kForgottenAbove) return std::nullopt;
  return std::max(share * last_->units_per_second, kUnitsPerSecondMin * kKept);
}

}  // namespace sumac::dynamodb
