#include "engine/scan/fallback_gate.h"

#include <duckdb/execution/physical_plan_generator.hpp>
#include <duckdb/planner/operator/logical_extension_operator.hpp>

namespace sumac::engine {
namespace {

using duckdb::idx_t;
using duckdb::OperatorResultType;

enum class Side { kCopy, kSource };

class PhysicalFallback final : public duckdb::PhysicalOperator {
 public:
  PhysicalFallback(duckdb::PhysicalPlan& plan, duckdb::vector<duckdb::LogicalType> types_in,
                   idx_t estimated_rows, Side side, std::shared_ptr<FallbackGate> gate)
      : PhysicalOperator(plan, duckdb::PhysicalOperatorType::EXTENSION, std::move(types_in),
                         estimated_rows),
        side_(side),
        gate_(std::move(gate)) {}

  // A plan can be run again. Made before any pipeline of a run begins.
  duckdb::unique_ptr<duckdb::GlobalOperatorState> GetGlobalOperatorState(
      duckdb::ClientContext& context) const override {
    if (side_ == Side::kCopy) gate_->copy_had_rows = false;
    return PhysicalOperator::GetGlobalOperatorState(context);
  }

  OperatorResultType Execute(duckdb::ExecutionContext&, duckdb::DataChunk& input,
                             duckdb::DataChunk& output, duckdb::GlobalOperatorState&,
                             duckdb::OperatorState&) const override {
    if (IsClosed()) return OperatorResultType::FINISHED;
    if (side_ == Side::kCopy && input.size() > 0) gate_->copy_had_rows = true;
    output.Reference(input);
    return OperatorResultType::NEED_MORE_INPUT;
  }

  bool ParallelOperator() const override { return true; }

  duckdb::string GetName() const override {
    return side_ == Side::kCopy ? "COPY_FIRST" : "ELSE_SOURCE";
  }

  duckdb::InsertionOrderPreservingMap<duckdb::string> ParamsToString() const override {
    duckdb::InsertionOrderPreservingMap<duckdb::string> lines;
    if (side_ == Side::kSource) lines["Reads"] = "only if the copy has no such row";
    return lines;
  }

  bool IsClosed() const { return side_ == Side::kSource && gate_->copy_had_rows; }

 private:
  const Side side_;
  const std::shared_ptr<FallbackGate> gate_;
};

class LogicalFallback final : public duckdb::LogicalExtensionOperator {
 public:
  LogicalFallback(duckdb::unique_ptr<duckdb::LogicalOperator> child, Side side,
                  std::shared_ptr<FallbackGate> gate)
      : side_(side), gate_(std::move(gate)) {
    has_estimated_cardinality = child->has_estimated_cardinality;
    estimated_cardinality = child->estimated_cardinality;
    children.push_back(std::move(child));
  }

  Side side() const { return side_; }

  duckdb::vector<duckdb::ColumnBinding> GetColumnBindings() override {
    return children[0]->GetColumnBindings();
  }

  duckdb::PhysicalOperator& CreatePlan(duckdb::ClientContext&,
                                       duckdb::PhysicalPlanGenerator& planner) override {
    auto& below = planner.CreatePlan(*children[0]);
    auto& made = planner.Make<PhysicalFallback>(types, estimated_cardinality, side_, gate_);
    made.children.push_back(below);
    return made;
  }

  duckdb::string GetName() const override {
    return side_ == Side::kCopy ? "COPY_FIRST" : "ELSE_SOURCE";
  }

 protected:
  void ResolveTypes() override { types = children[0]->types; }

 private:
  const Side side_;
  const std::shared_ptr<FallbackGate> gate_;
};

}  // namespace

duckdb::unique_ptr<duckdb::LogicalOperator> WatchCopy(
    duckdb::unique_ptr<duckdb::LogicalOperator> child, std::shared_ptr<FallbackGate> gate) {
  return duckdb::make_uniq<LogicalFallback>(std::move(child), Side::kCopy, std::move(gate));
}

duckdb::unique_ptr<duckdb::LogicalOperator> GateSource(
    duckdb::unique_ptr<duckdb::LogicalOperator> child, std::shared_ptr<FallbackGate> gate) {
  return duckdb::make_uniq<LogicalFallback>(std::move(child), Side::kSource, std::move(gate));
}

bool IsSourceGate(const duckdb::LogicalOperator& op) {
  const auto* fallback = dynamic_cast<const LogicalFallback*>(&op);
  return fallback != nullptr && fallback->side() == Side::kSource;
}

bool IsClosedGate(const duckdb::PhysicalOperator& op) {
  const auto* fallback = dynamic_cast<const PhysicalFallback*>(&op);
  return fallback != nullptr && fallback->IsClosed();
}

}  // namespace sumac::engine
