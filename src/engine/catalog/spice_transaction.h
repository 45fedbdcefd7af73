// Transactions of the catalog `spice`: there is nothing to commit or to roll back. Internal to
// engine/.
#pragma once

#include <mutex>
#include <unordered_map>

#include <duckdb.hpp>
#include <duckdb/transaction/transaction.hpp>
#include <duckdb/transaction/transaction_manager.hpp>

namespace sumac::engine {

class SpiceTransaction final : public duckdb::Transaction {
 public:
  using Transaction::Transaction;
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
    std::lock_guard lock(mutex_);
    transactions_.erase(&transaction);
  }
  void Checkpoint(duckdb::ClientContext&, bool) override {}

 private:
  std::mutex mutex_;
  std::unordered_map<duckdb::Transaction*, duckdb::unique_ptr<SpiceTransaction>> transactions_;
};

}  // namespace sumac::engine
