#include "engine/optimizer/scan_optimizer.h"

#include "engine/optimizer/count_rule.h"
#include "engine/optimizer/first_rows_rule.h"
#include "engine/optimizer/row_limit_rule.h"

namespace sumac::engine {
namespace {

void ApplyRules(duckdb::LogicalOperator& op) {
  ApplyRowLimit(op);
  ApplyFirstRows(op);
  ApplyCount(op);
  for (auto& child : op.children) ApplyRules(*child);
}

void Optimize(duckdb::OptimizerExtensionInput&, duckdb::unique_ptr<duckdb::LogicalOperator>& plan) {
  ApplyRules(*plan);
}

}  // namespace

duckdb::OptimizerExtension ScanUseExtension() {
  duckdb::OptimizerExtension extension;
  extension.optimize_function = Optimize;
  return extension;
}

}  // namespace sumac::engine
