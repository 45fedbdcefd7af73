// The read capacity of one table as this process uses it: one object that all scans of the table
// share, whichever dataset or query they are for.
//
// It holds them together to a rate: the lowest that a dataset has set, or the one that throttles
// have taught (learned_rate.h), whichever is less; without either nobody waits. A page is paid for
// before it is asked for, by an estimate, and corrected by what the service says it cost. Pages are
// cut so that each is a small part of a second's capacity: what is read in any ten seconds then
// stays within five percent of the rate. Scans that wait get their pages in turn, so that each has
// the same share of the capacity.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "dynamodb/learned_rate.h"
#include "dynamodb/page_cost.h"
#include "net/token_bucket.h"
#include "net/transport.h"

namespace sumac::dynamodb {

// Thread-safe. Owned by shared_ptr only.
class ReadCapacity : public std::enable_shared_from_this<ReadCapacity> {
 public:
  ReadCapacity(std::shared_ptr<net::Transport> transport, std::shared_ptr<const Clock> clock)
      : transport_(std::move(transport)), clock_(std::move(clock)) {}

  // From now on scans of the table together consume at most this much a second. Of the limits of
  // several datasets the lowest holds; nothing takes a dataset's own away. REQUIRES: greater than
  // 0.
  void SetLimit(const std::string& dataset_name, std::optional<double> units_per_second);

  struct Limit {
    std::string dataset_name;
    double units_per_second = 0;
  };
  // The one that holds, and whose it is.
  std::optional<Limit> LowestLimit() const;

  // What binds now, if anything does.
  std::optional<double> UnitsPerSecond() const;

  // What is kept of one scan.
  struct Account {
    std::function<void()> ready;
    double paid = 0;  // decides whose turn it is
    bool waiting = false;
  };

  // One scan's part. Thread-safe. Destroying it withdraws what it waits for; `ready` may still run
  // once then.
  class Share {
   public:
    ~Share();
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // Pays for a page, and says how large it may be. Nothing when it is not this scan's turn:
    // `ready` is called when it is.
    std::optional<PageOrder> TryTake(const PageCost& cost);

    // The page came and cost `units`; 0 when the service does not say, and the estimate stays.
    void Settle(const PageOrder& order, double units);

    // A request that was sent at `sent_at` was refused because the table is asked for too much. The
    // estimate stays paid, so that what is refused does not come back at once.
    void OnTableThrottle(MonotonicTime sent_at);

    // The request consumed nothing, and says nothing of the table as a whole.
    void GiveBack(const PageOrder& order);

   private:
    friend class ReadCapacity;
    Share(std::shared_ptr<ReadCapacity> capacity, std::shared_ptr<Account> account)
        : capacity_(std::move(capacity)), account_(std::move(account)) {}

    const std::shared_ptr<ReadCapacity> capacity_;
    const std::shared_ptr<Account> account_;  // guarded by the capacity's mutex
  };

  // `ready` runs on the transport's thread, without a lock held.
  std::unique_ptr<Share> Join(std::function<void()> ready);

 private:
  std::optional<PageOrder> TryTake(Account& account, const PageCost& cost);

  // These are called with the lock held.
  void Correct(Account& account, double units, MonotonicTime now);
  std::optional<double> RateAt(MonotonicTime now) const;
  // Brings the bucket to the rate that holds now; null when none does.
  net::TokenBucket* BucketAt(MonotonicTime now);
  std::shared_ptr<Account> NextWaiting() const;
  // So that it runs when somebody's turn comes, if anybody waits.
  void ArmTimer(MonotonicTime now);

  // Lets those whose turn it is take their pages.
  void OnTimer();

  const std::shared_ptr<net::Transport> transport_;
  const std::shared_ptr<const Clock> clock_;

  mutable std::mutex mutex_;
  std::map<std::string, double> limits_;  // by dataset
  LearnedRate learned_;
  std::optional<net::TokenBucket> bucket_;
  double bucket_rate_ = 0;
  std::vector<std::shared_ptr<Account>> accounts_;
  std::optional<net::OperationId> timer_;
  MonotonicTime timer_due_;
};

// The capacities of the process, by table. Thread-safe.
class ReadCapacities {
 public:
  ReadCapacities(std::shared_ptr<net::Transport> transport, std::shared_ptr<const Clock> clock)
      : transport_(std::move(transport)), clock_(std::move(clock)) {}

  // The one of the table; made when nobody has it. `table` is its ARN, or its name where it has
  // none: two datasets that name one table differently share it.
  std::shared_ptr<ReadCapacity> Of(const std::string& endpoint_url, const std::string& table);

 private:
  const std::shared_ptr<net::Transport> transport_;
  const std::shared_ptr<const Clock> clock_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::weak_ptr<ReadCapacity>> tables_;
};

}  // namespace sumac::dynamodb
