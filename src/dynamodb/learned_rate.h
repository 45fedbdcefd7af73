// The read rate that throttles of a table have taught. Pure; time is an argument.
//
// A throttle lowers the rate to a little less than what the table was just asked for, as far as
// what it gave bears that out; from there it grows along a cubic curve: quickly back, slowly past
// the rate of the throttle, then ever faster, so that one throttle does not bind for long. Until
// the first one there is no rate. The shape of the curve is that of TCP CUBIC (RFC 9438), over a
// rate instead of a window.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace sumac::dynamodb {

// Not thread-safe. Times that are passed in must not go back.
class LearnedRate {
 public:
  // A request was sent that is going to consume about `units`.
  void OnAsked(double units, MonotonicTime now) { asked_.Add(units, now); }

  // An answer came that has consumed `units`.
  void OnGiven(double units, MonotonicTime now);

  // A request that was sent at `sent_at` was throttled. Returns true when the rate was lowered:
  // those of one round count once.
  bool OnThrottle(MonotonicTime sent_at, MonotonicTime now);

  // Nothing when no throttle binds.
  std::optional<double> UnitsPerSecond(MonotonicTime now) const;

 private:
  // Units by the tenth of a second, over the last second.
  class RecentUnits {
   public:
    void Add(double units, MonotonicTime now);
    // The highest rate of a third of a second.
    double PeakPerSecond(MonotonicTime now) const;

   private:
    struct Slot {
      int64_t number = -1;  // tenths of a second since the clock's beginning
      double units = 0;
    };
    static constexpr size_t kSlots = 10;
    std::array<Slot, kSlots> slots_;
  };
  RecentUnits asked_;
  RecentUnits given_;
  std::optional<MonotonicTime> first_given_at_;

  struct Throttle {
    MonotonicTime at;
    double units_per_second = 0;  // that the table bears, as far as that is known
    bool known_well = false;      // from more than the first moments
  };
  std::optional<Throttle> last_;
};

}  // namespace sumac::dynamodb
