#include "engine/scan/first_rows.h"

namespace sumac::engine {

FirstRowsCounter::FirstRowsCounter(duckdb::ClientContext& context,
                                   std::shared_ptr<const FirstRows> wanted,
                                   std::atomic<uint64_t>& rows)
    : wanted_(std::move(wanted)), rows_(rows), passed_(STANDARD_VECTOR_SIZE) {
  if (wanted_->filter) filter_.emplace(context, *wanted_->filter);
}

void FirstRowsCounter::Count(duckdb::DataChunk& chunk) {
  const auto passed = filter_ ? filter_->SelectExpression(chunk, passed_) : chunk.size();
  if (!wanted_->order) {
    rows_ += passed;
    return;
  }
  duckdb::UnifiedVectorFormat keys;
  chunk.data[wanted_->order->output].ToUnifiedFormat(chunk.size(), keys);
  uint64_t counted = 0;
  for (duckdb::idx_t i = 0; i < passed; ++i) {
    const auto row = filter_ ? passed_.get_index(i) : i;
    if (keys.validity.RowIsValid(keys.sel->get_index(row))) ++counted;
  }
  rows_ += counted;
}

}  // namespace sumac::engine
