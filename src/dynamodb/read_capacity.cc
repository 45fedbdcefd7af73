#include "dynamodb/read_capacity.h"

#include <algorithm>

namespace sumac::dynamodb {
namespace {

// What one page may cost of a second's capacity, and what may be saved up of it. Together they are
// what a rate may be missed by: 0.3 s of 10 s are 3 percent.
constexpr double kPageSeconds = 0.2;
constexpr double kBurstSeconds = 0.1;
// The shortest wait for a turn. A timer of less would only come late.
constexpr std::chrono::milliseconds kTurnMin{1};

}  // namespace

ReadCapacity::Share::~Share() {
  std::lock_guard lock(capacity_->mutex_);
  std::erase(capacity_->accounts_, account_);
}

std::optional<PageOrder> ReadCapacity::Share::TryTake(const PageCost& cost) {
  return capacity_->TryTake(*account_, cost);
}

void ReadCapacity::Share::Settle(const PageOrder& order, double units) {
  std::lock_guard lock(capacity_->mutex_);
  const auto now = capacity_->clock_->MonotonicNow();
  if (units <= 0) units = order.units;
  capacity_->learned_.OnGiven(units, now);
  capacity_->Correct(*account_, units - order.units, now);
}

void ReadCapacity::Share::GiveBack(const PageOrder& order) {
  std::lock_guard lock(capacity_->mutex_);
  capacity_->Correct(*account_, -order.units, capacity_->clock_->MonotonicNow());
}

void ReadCapacity::Share::OnTableThrottle(MonotonicTime sent_at) {
  std::lock_guard lock(capacity_->mutex_);
  const auto now = capacity_->clock_->MonotonicNow();
  if (!capacity_->learned_.OnThrottle(sent_at, now)) return;
  // What was saved up was never there.
  if (auto* bucket = capacity_->BucketAt(now)) {
    bucket->Take(std::max(0.0, bucket->Balance(now)), now);
  }
}

void ReadCapacity::Correct(Account& account, double units, MonotonicTime now) {
  account.paid += units;
  if (!bucket_) return;
  bucket_->Take(units, now);
  ArmTimer(now);
}

void ReadCapacity::SetLimit(const std::string& dataset_name,
                            std::optional<double> units_per_second) {
  std::lock_guard lock(mutex_);
  if (units_per_second) {
    limits_[dataset_name] = *units_per_second;
  } else {
    limits_.erase(dataset_name);
  }
}

std::optional<ReadCapacity::Limit> ReadCapacity::LowestLimit() const {
  std::lock_guard lock(mutex_);
  const auto lowest = std::min_element(limits_.begin(), limits_.end(),
                                       [](auto& a, auto& b) { return a.second < b.second; });
  if (lowest == limits_.end()) return std::nullopt;
  return Limit{lowest->first, lowest->second};
}

std::optional<double> ReadCapacity::UnitsPerSecond() const {
  std::lock_guard lock(mutex_);
  return RateAt(clock_->MonotonicNow());
}

std::optional<double> ReadCapacity::RateAt(MonotonicTime now) const {
  auto rate = learned_.UnitsPerSecond(now);
  for (const auto& [dataset, limit] : limits_) rate = std::min(limit, rate.value_or(limit));
  return rate;
}

net::TokenBucket* ReadCapacity::BucketAt(MonotonicTime now) {
  const auto rate = RateAt(now);
  if (!rate) {
    bucket_.reset();
    return nullptr;
  }
  if (!bucket_) {
    bucket_.emplace(*rate, *rate * kBurstSeconds, now);
  } else if (*rate != bucket_rate_) {
    bucket_->SetRate(*rate, *rate * kBurstSeconds, now);
  }
  bucket_rate_ = *rate;
  return &*bucket_;
}

std::unique_ptr<ReadCapacity::Share> ReadCapacity::Join(std::function<void()> ready) {
  auto account = std::make_shared<Account>();
  account->ready = std::move(ready);
  std::lock_guard lock(mutex_);
  // A new scan has no claim to what others were given before it came.
  for (const auto& other : accounts_) account->paid = std::max(account->paid, other->paid);
  accounts_.push_back(account);
  return std::unique_ptr<Share>(new Share(shared_from_this(), std::move(account)));
}

std::shared_ptr<ReadCapacity::Account> ReadCapacity::NextWaiting() const {
  std::shared_ptr<Account> next;
  for (const auto& account : accounts_) {
    if (account->waiting && (!next || account->paid < next->paid)) next = account;
  }
  return next;
}

std::optional<PageOrder> ReadCapacity::TryTake(Account& account, const PageCost& cost) {
  std::lock_guard lock(mutex_);
  const auto now = clock_->MonotonicNow();
  auto* bucket = BucketAt(now);
  if (bucket == nullptr) {
    const auto order = cost.Order(std::nullopt);
    account.paid += order.units;
    account.waiting = false;
    learned_.OnAsked(order.units, now);
    return order;
  }
  const auto next = NextWaiting();
  if (next && !account.waiting) {
    // Nor has who comes back after a while.
    account.paid = std::max(account.paid, next->paid - bucket_rate_ * kPageSeconds);
  }
  const bool has_turn = !next || next.get() == &account || account.paid <= next->paid;
  if (!has_turn || bucket->Balance(now) <= 0) {
    account.waiting = true;
    ArmTimer(now);
    return std::nullopt;
  }
  const auto order = cost.Order(bucket_rate_ * kPageSeconds);
  bucket->Take(order.units, now);
  learned_.OnAsked(order.units, now);
  account.paid += order.units;
  account.waiting = false;
  return order;
}

void ReadCapacity::ArmTimer(MonotonicTime now) {
  if (!NextWaiting()) return;
  const auto* bucket = BucketAt(now);
  const auto wait = bucket == nullptr ? kTurnMin : std::max(bucket_->UntilPositive(now), kTurnMin);
  if (timer_ && timer_due_ <= now + wait) return;
  if (timer_) transport_->Cancel(*timer_);
  timer_due_ = now + wait;
  timer_ = transport_->After(wait, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->OnTimer();
  });
}

void ReadCapacity::OnTimer() {
  std::unique_lock lock(mutex_);
  timer_.reset();
  while (const auto next = NextWaiting()) {
    const auto now = clock_->MonotonicNow();
    auto* bucket = BucketAt(now);
    if (bucket != nullptr && bucket->Balance(now) <= 0) {
      ArmTimer(now);
      return;
    }
    // It takes what it needs, and waits again when it needs more. When it needs nothing any more,
    // the turn passes to another.
    next->waiting = false;
    lock.unlock();
    next->ready();
    lock.lock();
  }
}

std::shared_ptr<ReadCapacity> ReadCapacities::Of(const std::string& endpoint_url,
                                                 const std::string& table) {
  std::lock_guard lock(mutex_);
  std::erase_if(tables_, [](const auto& entry) { return entry.second.expired(); });
  auto& known = tables_[{endpoint_url, table}];
  auto capacity = known.lock();
  if (!capacity) {
    capacity = std::make_shared<ReadCapacity>(transport_, clock_);
    known = capacity;
  }
  return capacity;
}

}  // namespace sumac::dynamodb
