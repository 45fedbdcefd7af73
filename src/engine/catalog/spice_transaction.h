// Transactions of the catalog `spice`: there is nothing to commit or to roll back; they keep the
// tables that a query uses. Internal to engine/.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include <duckdb.hpp>
#include <duckdb/transaction/transaction.hpp>
#include <duckdb/transaction/transaction_manager.hpp>

namespace sumac::engine {

class SpiceTransaction final : public duckdb::Transaction {
 public:
  using Transaction::Transaction;

  // Keeps `entry` until the transaction ends, which is after the plans of its queries are gone.
  // Thread-safe.
  void Keep(std::shared_ptr<const void> entry) {
    std::lock_guard lock(mutex_);
    kept_.insert(std::move(entry));
  }

 private:
  std::mutex mutex_;
  std::unordered_set<std::shared_ptr<const void>> kept_;
};

class SpiceTransactionManager final : public duckdb::TransactionManager {
 public:
  explicit SpiceTransactionManager(duckdb::AttachedDatabase& database)
      : TransactionManager(database) {}

  duckdb::Transaction& StartTransaction(duckdb::ClientContext& context) override {
    auto transaction = duckdb::make_uniq<SpiceTransaction>(*this, context);
    auto& result = *transaction;
    std::lock_guard lock(mutex_);
    transactions_.emplace(&result, std::move(transaction));
    return result;
  }
  duckdb::ErrorData CommitTransaction(duckdb::ClientContext&,
                                      duckdb::Transaction& transaction) override {
    RollbackTransaction(transaction);
    return {};
  }
  void RollbackTransaction(duckdb::Transaction& transaction) override {
    // What it keeps goes without the lock: the last user of a table may clean up behind it.
    duckdb::unique_ptr<SpiceTransaction> ended;
    std::lock_guard lock(mutex_);
    const auto found = transactions_.find(&transaction);
    if (found == transactions_.end()) return;
    ended = std::move(found->second);
    transactions_.erase(found);
  }
  void Checkpoint(duckdb::ClientContext&, bool) override {}

 private:
  std::mutex mutex_;
  std::unordered_map<duckdb::Transaction*, duckdb::unique_ptr<SpiceTransaction>> transactions_;
};

}  // namespace sumac::engine
