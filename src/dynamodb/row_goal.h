// How much of a table is read at a time for a reader that wants so many rows and then stops. Pure.
//
// Without a filter as many items are asked for as there are rows wanted. With one, nobody knows how
// many items that takes: few are asked for at first, and several times as many whenever they did
// not do, on more streams, until pages are whole and nothing is held back any more. The reader may
// want more rows than it said, because it drops some: then it waits when it has all that it wanted,
// and that counts as wanting more. So a goal is never the reason for a missing row.
#pragma once

#include <cstdint>
#include <optional>

namespace sumac::dynamodb {

struct RowGoalOptions {
  uint64_t rows = 0;
  // Fewer rows than items may come of what is read.
  bool filtered = false;
};

// Not thread-safe.
class RowGoal {
 public:
  // `segments` is how many requests can be under way at once; `units_per_item` an estimate, 0 when
  // there is none.
  RowGoal(RowGoalOptions options, int segments, double units_per_item);

  // Whether one more request is to be sent now. False when what has come, or has been asked for,
  // may do.
  bool WantsMore() const;
  // What it is to evaluate at most; nothing means a whole page. REQUIRES: WantsMore().
  std::optional<int> ItemsMax() const;

  // A request for `items_max` items was sent, came back with a page, or with none. Requests for
  // whole pages are told with 0.
  void OnSent(int items_max);
  void OnPage(int items_max, uint64_t items_scanned, uint64_t rows, bool segment_ended);
  void OnFailure(int items_max);

  // The reader has all rows that came, nothing is under way, and it waits.
  void OnReaderWaits();

 private:
  uint64_t ItemsLeft() const;
  uint64_t ItemsOfARequest() const;
  void Raise();

  const int segments_;
  const uint64_t items_per_page_;
  bool filtered_;
  uint64_t rows_wanted_;
  uint64_t rows_ = 0;
  // Items that may be evaluated before it is asked again whether they did.
  uint64_t items_allowed_;
  uint64_t items_evaluated_ = 0;
  uint64_t items_under_way_ = 0;
  // What was allowed at once, on so many streams.
  uint64_t step_;
  uint64_t streams_ = 1;
  bool holds_back_ = true;
};

// Whether the rows are found by reading in one place, so that dividing the table costs requests and
// saves no time.
bool IsOnePage(const RowGoalOptions& options, double units_per_item);

}  // namespace sumac::dynamodb
