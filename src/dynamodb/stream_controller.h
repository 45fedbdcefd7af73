// How many streams a scan has: requests that are under way at the same time. Pure; time comes in as
// how long pages took.
//
// What n streams read in a second is n times what one page holds over how long it took (Little's
// law), so one round of pages at a number of streams shows what that number is worth. While each
// doubling helps, streams double with every round; then the number stays, and is now and then tried
// a little higher and a little lower; a higher one that brings all that it can starts the doubling
// again. Where it is known what may be read in a second, the first step goes at once to half of the
// streams that would read as much, but not to more than kFirstStepMax times as many. Streams are
// added only when a reader waits for pages: else the reader is the limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace sumac::dynamodb {

struct StreamLimits {
  int start = 2;
  int most = 64;
  // What may be read in a second, and what a whole page is worth, in the unit of what answers are
  // worth; nothing when unknown.
  struct Rate {
    double amount_per_second = 0;
    double whole_page = 0;
  };
  std::optional<Rate> rate = {};
};

// Not thread-safe.
class StreamController {
 public:
  explicit StreamController(StreamLimits limits);

  // Streams to have now.
  int Width() const { return width_; }

  // Changes with the number of streams. A request is remembered with the round that it was sent in.
  uint64_t Round() const { return round_; }

  // An answer came, or a refusal (`amount` 0) that cost its time all the same. `amount` is what a
  // page is worth, in a unit of the caller's.
  void OnAnswer(uint64_t round, double amount, std::chrono::duration<double> took);

  // The table as a whole was asked for too much: doubling ends, and a step of more than that is
  // taken back to it.
  void OnTableThrottle();

  // A reader found no page, and only the number of streams kept further requests from being sent.
  void OnReaderWaits();

 private:
  // What the present number of streams reads in a second.
  double Worth() const;
  void GoTo(int width);
  void Double();
  int FirstStep() const;
  void Probe();

  StreamLimits limits_;
  int width_;
  uint64_t round_ = 1;
  bool doubling_ = true;

  // Of the answers of this round.
  int answers_ = 0;
  double amount_ = 0;
  double seconds_ = 0;
  // The best of them that was at least half a page.
  double best_per_second_ = 0;

  // The number that the present one is tried against, and what it was worth.
  struct Base {
    int width = 0;
    double worth = 0;
  };
  std::optional<Base> base_;
  // Rounds to stay before the next trial; longer after each that was of no use.
  int stay_rounds_ = kStayRoundsMin;
  bool try_lower_ = false;

  static constexpr int kFirstStepMax = 8;
  static constexpr int kStayRoundsMin = 4;
  static constexpr int kStayRoundsMax = 64;
};

}  // namespace sumac::dynamodb
