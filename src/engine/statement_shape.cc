#include "engine/statement_shape.h"

#include <algorithm>
#include <exception>

#include <duckdb/planner/planner.hpp>

namespace sumac::engine {
namespace {

// The names in the order in which the statement has them.
std::vector<std::string> ParameterNames(const duckdb::SQLStatement& statement) {
  std::vector<std::pair<duckdb::idx_t, std::string>> numbered;
  for (const auto& [name, number] : statement.named_param_map) numbered.emplace_back(number, name);
  std::sort(numbered.begin(), numbered.end());
  std::vector<std::string> names;
  for (auto& [number, name] : numbered) names.push_back(std::move(name));
  return names;
}

duckdb::LogicalType ParameterType(const duckdb::Planner& planner, const std::string& name) {
  const auto given = planner.parameter_data.find(name);
  if (given != planner.parameter_data.end()) return given->second.GetValue().type();
  const auto found = planner.value_map.find(name);
  const bool known = found != planner.value_map.end() && found->second->return_type.IsValid();
  return known ? found->second->return_type : duckdb::LogicalType::UNKNOWN;
}

StatementShape ShapeOf(const duckdb::Planner& planner, const std::vector<std::string>& names) {
  StatementShape shape;
  for (size_t i = 0; i < planner.names.size(); ++i) {
    shape.columns.push_back({planner.names[i], planner.types[i]});
  }
  for (const std::string& name : names) {
    shape.parameters.push_back({name, ParameterType(planner, name)});
  }
  return shape;
}

}  // namespace

StatementShape DescribeStatement(
    duckdb::ClientContext& context, duckdb::unique_ptr<duckdb::SQLStatement> statement,
    duckdb::case_insensitive_map_t<duckdb::BoundParameterData> values) {
  StatementShape shape;
  std::exception_ptr failure;
  // What leaves the transaction's function would end more than the statement.
  context.RunFunctionInTransaction([&] {
    try {
      const auto names = ParameterNames(*statement);
      duckdb::Planner planner(context);
      planner.parameter_data = std::move(values);
      planner.CreatePlan(std::move(statement));
      shape = ShapeOf(planner, names);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  if (failure != nullptr) std::rethrow_exception(failure);
  return shape;
}

}  // namespace sumac::engine
