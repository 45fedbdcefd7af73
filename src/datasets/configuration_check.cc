#include "datasets/configuration_check.h"

#include <algorithm>
#include <map>

#include "base/nearest_name.h"
#include "datasets/dataset_loader.h"
#include "datasets/datasets_table.h"
#include "datasets/metrics_table.h"
#include "engine/database.h"
#include "engine/view_tables.h"

namespace sumac::datasets {
namespace {

using Kind = CheckedComponent::Kind;

// What a view that is right fails with, because its tables have no columns yet.
constexpr ErrorCode kNoColumnsYet = ErrorCode::kUnavailable;

class ViewCheck {
 public:
  ViewCheck(const spicepod::Spicepod& pod, const std::vector<CheckedComponent>& datasets) {
    for (const auto& dataset : datasets) {
      names_.push_back(dataset.name);
      usable_[engine::FullTableName(dataset.name)] = dataset.status.has_value();
    }
    for (const auto& view : pod.views) {
      names_.push_back(view.name);
      usable_[engine::FullTableName(view.name)] = true;
    }
  }

  // `registered`: what the engine says of it.
  CheckedComponent Check(const spicepod::View& view, const Status& registered) const {
    CheckedComponent checked{Kind::kView, view.name, "", {}, view.location, {}};
    auto tables = engine::TablesOfView(view.sql, names_);
    // Of a table that is not there the engine says so too, and has seen less.
    if (tables) {
      checked.uses = *std::move(tables);
      checked.status = CheckTables(view, checked.uses);
    }
    const bool wrong = !registered && registered.error().code != kNoColumnsYet;
    if (checked.status && wrong) checked.status = registered;
    return checked;
  }

 private:
  Status CheckTables(const spicepod::View& view, const std::vector<std::string>& uses) const {
    const std::string named = "view '" + view.name + "': ";
    for (const auto& table : uses) {
      // Tables about the process itself.
      if (table.starts_with(std::string(engine::kRuntimeSchema) + ".")) continue;
      const auto found = usable_.find(table);
      const std::string shown = table.starts_with("public.") ? table.substr(7) : table;
      if (found == usable_.end()) {
        const auto nearest = NearestName(shown, names_);
        return Fail(ErrorCode::kInvalidArgument,
                    named + "there is no dataset or view '" + shown + "'" +
                        (nearest ? "; did you mean '" + *nearest + "'?" : ""));
      }
      if (!found->second) {
        return Fail(ErrorCode::kInvalidArgument, named + "it uses '" + shown + "', which is wrong");
      }
    }
    return {};
  }

  std::vector<std::string> names_;
  std::map<std::string, bool> usable_;
};

}  // namespace

Result<std::vector<CheckedComponent>> CheckConfiguration(
    const spicepod::Spicepod& pod, const Environment& environment,
    const std::vector<std::string>& served_tables) {
  SUMAC_ASSIGN_OR_RETURN(auto database, engine::Database::Open({}));
  SUMAC_ASSIGN_OR_RETURN(auto context, MakeConnectorContext(environment));
  const DatasetLoader loader(pod, *database, std::move(context), std::make_shared<SystemClock>());
  Error no_columns;
  no_columns.code = kNoColumnsYet;
  for (const char* table : {kDatasetsTable, kMetricsTable}) {
    database->RegisterFailedTable(table, no_columns);
  }
  for (const auto& table : served_tables) database->RegisterFailedTable(table, no_columns);
  std::vector<CheckedComponent> checked;
  for (const auto& dataset : pod.datasets) {
    checked.push_back(
        {Kind::kDataset, dataset.name, dataset.from, {}, dataset.location, loader.Check(dataset)});
    database->RegisterFailedTable(dataset.name, no_columns);
  }
  std::vector<engine::ViewDefinition> definitions;
  for (const auto& view : pod.views) {
    definitions.push_back({view.name, view.sql, view.description});
  }
  const auto registered = database->RegisterViews(definitions);
  const ViewCheck views(pod, checked);
  for (size_t index = 0; index < pod.views.size(); ++index) {
    checked.push_back(views.Check(pod.views[index], registered[index]));
  }
  return checked;
}

}  // namespace sumac::datasets
