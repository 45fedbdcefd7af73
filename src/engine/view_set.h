// The views of the catalog `spice`: which uses which, and what columns they have now. Internal to
// engine/.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/catalog/spice_catalog.h"
#include "engine/catalog/view_query.h"
#include "engine/database.h"

namespace sumac::engine {

// How often the tables of a view may be read for one query, with those of the views that it uses:
// ten views, each of which uses the one before twice, are a thousand.
inline constexpr uint64_t kViewTablesMax = 1000;
// Views that use views that use views; a query over them is planned as deep.
inline constexpr size_t kViewDepthMax = 32;

// Thread-safe. Both must outlive it.
class ViewSet {
 public:
  ViewSet(duckdb::DuckDB& database, SpiceCatalog& catalog);

  // See Database::RegisterViews.
  std::vector<Status> Register(const std::vector<ViewDefinition>& definitions);

  // Gives each view the columns that it has now. Call when a table has other columns than before.
  void Rebind();

 private:
  struct View {
    ViewDefinition definition;
    TableName name;
    ViewQuery query;
    std::vector<size_t> uses;  // views
    uint64_t tables = 0;       // with those of the views that it uses
    size_t depth = 1;
    // Nothing that a table does can mend this.
    bool broken = false;
    Status status;
    duckdb::vector<duckdb::string> column_names;
    duckdb::vector<duckdb::LogicalType> column_types;
  };

  Status Parse(duckdb::ClientContext& context, View& view);
  void FindUses();
  // Puts a view behind those that it uses, and breaks those that use themselves.
  void FindOrder();
  std::vector<size_t> FindCycle(const std::vector<bool>& done) const;
  Status Measure(View& view);
  void BindAll(duckdb::Connection& connection);
  Status Bind(duckdb::ClientContext& context, View& view);
  void Break(View& view, Error reason);

  duckdb::DuckDB& database_;
  SpiceCatalog& catalog_;
  std::mutex mutex_;
  std::vector<View> views_;
  std::vector<size_t> order_;
};

}  // namespace sumac::engine
