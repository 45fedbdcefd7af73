#include "server/observation/query_account.h"

namespace sumac::server {

QueryCost CostOf(const engine::Session& session) {
  const auto read = engine::TotalOf(session.Progress().read);
  return {read.consumed_read_units, read.bytes};
}

void CapturePlan(Backend& backend, const std::string& sql,
                 const engine::QueryParameters& parameters, const Status& status,
                 RunningQuery& running) {
  if (!running.WantsPlan()) return;
  // Planning is not interrupted, and may be what took the time.
  if (!status && (status.error().code == ErrorCode::kDeadlineExceeded ||
                  status.error().code == ErrorCode::kCancelled)) {
    return;
  }
  // In a session of its own: the query's knows what it has read.
  if (auto plan = backend.Connect()->Explain(sql, parameters)) running.SetPlan(*std::move(plan));
}

}  // namespace sumac::server
