#include "engine/scan/unwanted_rows.h"

#include <algorithm>

#include <duckdb/execution/physical_operator.hpp>
#include <duckdb/parallel/pipeline.hpp>

#include "engine/scan/fallback_gate.h"

namespace sumac::engine {

bool AreRowsUnwanted(const duckdb::ExecutionContext& context) {
  if (!context.pipeline) return false;
  const auto& operators = context.pipeline->GetIntermediateOperators();
  return std::any_of(operators.begin(), operators.end(), [](const duckdb::PhysicalOperator& op) {
    const bool is_empty_join = op.IsSink() && op.sink_state &&
                               op.sink_state->state == duckdb::SinkFinalizeType::NO_OUTPUT_POSSIBLE;
    return is_empty_join || IsClosedGate(op);
  });
}

}  // namespace sumac::engine
