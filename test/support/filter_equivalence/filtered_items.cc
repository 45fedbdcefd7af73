#include "filter_equivalence/filtered_items.h"

#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "items/page_decoder.h"
#include "items/page_text.h"

namespace sumac::filter_equivalence {
namespace {

// What the table function works on; one query at a time.
struct Table {
  RandomTable table;
  duckdb::DataChunk rows;  // the columns of the schema, and the number of the item
  // Of the query that runs.
  std::set<std::string> seen;
  FilterOutcome outcome;
};

struct BindData final : public duckdb::TableFunctionData {
  explicit BindData(Table& table_in) : table(table_in) {}
  Table& table;
};

struct FunctionInfo final : public duckdb::TableFunctionInfo {
  explicit FunctionInfo(Table& table_in) : table(table_in) {}
  Table& table;
};

struct Progress final : public duckdb::GlobalTableFunctionState {
  bool done = false;
};

duckdb::unique_ptr<duckdb::FunctionData> Bind(duckdb::ClientContext&,
                                              duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types,
                                              duckdb::vector<duckdb::string>& names) {
  auto& table = input.info->Cast<FunctionInfo>().table;
  for (const auto& column : table.table.schema->columns) {
    types.push_back(column.shape.type);
    names.push_back(column.sql_name);
  }
  types.push_back(duckdb::LogicalType::BIGINT);
  names.emplace_back("item_number");
  return duckdb::make_uniq<BindData>(table);
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> Start(duckdb::ClientContext&,
                                                           duckdb::TableFunctionInitInput&) {
  return duckdb::make_uniq<Progress>();
}

void Scan(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  auto& progress = input.global_state->Cast<Progress>();
  if (progress.done) return;
  progress.done = true;
  output.Reference(input.bind_data->Cast<BindData>().table.rows);
}

// As the scan of the program does, without its state.
void TakeFilters(duckdb::ClientContext&, duckdb::LogicalGet& get, duckdb::FunctionData* bind_data,
                 duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  auto& table = bind_data->Cast<BindData>().table;
  const auto& columns = get.GetColumnIds();
  const planning::ColumnOf column_of = [&](const duckdb::ColumnBinding& binding) {
    return std::optional<size_t>(columns[binding.column_index].GetPrimaryIndex());
  };
  for (const auto& filter : filters) {
    table.outcome.was_shown = true;
    if (!table.seen.insert(filter->ToString()).second) continue;
    auto translation =
        planning::TranslateFilter(*filter, *table.table.schema, table.table.keys, column_of);
    table.outcome.exact = table.outcome.exact && translation.exact;
    if (translation.condition) {
      table.outcome.conditions.push_back(*std::move(translation.condition));
    }
  }
}

void Decode(Table& table) {
  const auto& schema = table.table.schema;
  std::vector<items::OutputColumn> columns;
  duckdb::vector<duckdb::LogicalType> types;
  for (size_t i = 0; i < schema->columns.size(); ++i) {
    columns.push_back({items::OutputColumn::Kind::kField, i, {}});
    types.push_back(schema->columns[i].shape.type);
  }
  duckdb::DataChunk decoded;
  decoded.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  items::PageDecoder decoder(schema, columns);
  const items::PageText page(table.table.items);
  EXPECT_TRUE(decoder.Start(page.view()));
  EXPECT_TRUE(decoder.Next(decoded));
  types.push_back(duckdb::LogicalType::BIGINT);
  table.rows.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  for (size_t i = 0; i < columns.size(); ++i) table.rows.data[i].Reference(decoded.data[i]);
  for (duckdb::idx_t row = 0; row < decoded.size(); ++row) {
    table.rows.SetValue(columns.size(), row, duckdb::Value::BIGINT(static_cast<int64_t>(row)));
  }
  table.rows.SetCardinality(decoded.size());
  EXPECT_EQ(decoded.size(), table.table.items.size());
}

}  // namespace

class FilteredItems::State {
 public:
  explicit State(RandomTable table_in) : database_(nullptr), connection_(database_) {
    table.table = std::move(table_in);
    Decode(table);
    duckdb::TableFunction function("items", {}, Scan, Bind, Start);
    function.pushdown_complex_filter = TakeFilters;
    function.function_info = duckdb::make_shared_ptr<FunctionInfo>(table);
    duckdb::ExtensionLoader loader(*database_.instance, "test");
    loader.RegisterFunction(function);
    connection_.Query("SET threads = 1");
  }

  duckdb::unique_ptr<duckdb::MaterializedQueryResult> Query(const std::string& sql) {
    return connection_.Query(sql);
  }

  Table table;

 private:
  duckdb::DuckDB database_;
  duckdb::Connection connection_;
};

FilteredItems::FilteredItems(RandomTable table)
    : state_(std::make_unique<State>(std::move(table))) {}

FilteredItems::~FilteredItems() = default;

const RandomTable& FilteredItems::table() const {
  return state_->table.table;
}

Result<FilterOutcome> FilteredItems::Ask(const std::string& filter) {
  state_->table.seen.clear();
  state_->table.outcome = {};
  const auto result = state_->Query("SELECT item_number FROM items() WHERE " + filter);
  if (result->HasError()) return Fail(ErrorCode::kInvalidArgument, result->GetError());
  auto outcome = std::move(state_->table.outcome);
  for (duckdb::idx_t row = 0; row < result->RowCount(); ++row) {
    outcome.rows.insert(static_cast<size_t>(result->GetValue(0, row).GetValue<int64_t>()));
  }
  return outcome;
}

}  // namespace sumac::filter_equivalence
