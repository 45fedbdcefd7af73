#include "engine/scan/scan_function.h"

#include <algorithm>

#include "dynamodb/expression_limits.h"
#include "engine/query_state.h"
#include "engine/scan/join_keys.h"
#include "engine/scan/page_sources.h"
#include "engine/scan/scan_columns.h"
#include "engine/scan/scan_report.h"
#include "items/page_decoder.h"

namespace sumac::engine {
namespace {

using duckdb::ClientContext;
using duckdb::DataChunk;
using duckdb::idx_t;
using items::OutputColumn;

constexpr char kFunctionName[] = "dynamodb_scan";
// Of a table that the service has no count of yet. Many, so that it is this table that a join looks
// things up in.
constexpr idx_t kRowsWhenUnknown = 1'000'000;

// Without columns nothing is left for DuckDB to filter by, so everything counts.
planning::ReadPlan PlanOf(const RemoteScanBindData& bind_data, const dynamodb::ScanRequest& request,
                          std::vector<dynamodb::Condition> join_keys) {
  if (request.count_only) return {};
  return bind_data.filters.PlanFor(*bind_data.table, request, std::move(join_keys));
}

// Requests that can be under way side by side; nothing for a scan, which has any number.
size_t RequestsOf(const planning::ReadPlan& plan) {
  if (plan.access_path == planning::ReadPlan::AccessPath::kGetItems) {
    return (plan.keys.size() + dynamodb::kBatchGetKeysMax - 1) / dynamodb::kBatchGetKeysMax;
  }
  return plan.key_conditions.size();
}

class GlobalState final : public duckdb::GlobalTableFunctionState {
 public:
  GlobalState(duckdb::shared_ptr<QueryState> query_in, const RemoteScanBindData& bind_data,
              std::vector<OutputColumn> columns_in, std::vector<dynamodb::Condition> join_keys)
      : query(std::move(query_in)),
        table(bind_data.table),
        columns(std::move(columns_in)),
        request(MakeScanRequest(*table, columns)),
        plan(PlanOf(bind_data, request, std::move(join_keys))),
        scan(OpenPages(table, request, plan, query->deadline_watch().deadline())),
        number_in_query(query->scans().Begin(table->dataset_name, scan)),
        report(*table, *scan, request.projection.empty() && !ShowsWholeItems(columns)) {}

  // Whoever else holds the source, nothing is read or kept for this scan any more.
  ~GlobalState() override {
    scan->Cancel();
    query->scans().End(number_in_query);
  }

  idx_t MaxThreads() const override {
    const auto streams = static_cast<size_t>(std::max(1, table->scan.streams.most));
    const size_t requests = RequestsOf(plan);
    return requests > 0 ? std::min(requests, streams) : streams;
  }

  const duckdb::shared_ptr<QueryState> query;
  const std::shared_ptr<const RemoteTable> table;
  const std::vector<OutputColumn> columns;
  const dynamodb::ScanRequest request;
  const planning::ReadPlan plan;
  const std::shared_ptr<dynamodb::PageSource> scan;
  const uint64_t number_in_query;
  ScanReport report;
};

class LocalState final : public duckdb::LocalTableFunctionState {
 public:
  explicit LocalState(const GlobalState& global)
      : decoder(global.table->schema, global.columns),
        misfits_reported(global.table->schema->columns.size()) {}

  // Vectors of the chunks that were made of it may keep it longer.
  std::shared_ptr<const dynamodb::Page> page;
  uint64_t rows_left = 0;  // of a page of counts
  items::PageDecoder decoder;
  std::vector<uint64_t> misfits_reported;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(
    ClientContext& context, duckdb::TableFunctionInitInput& input) {
  const auto& bind_data = input.bind_data->Cast<RemoteScanBindData>();
  auto columns = OutputColumnsOf(input.column_indexes, *bind_data.table->schema);
  return duckdb::make_uniq<GlobalState>(
      QueryState::Shared(context), bind_data, std::move(columns),
      JoinKeysOf(input.filters, input.column_indexes, *bind_data.table));
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitLocal(
    duckdb::ExecutionContext&, duckdb::TableFunctionInitInput&,
    duckdb::GlobalTableFunctionState* global) {
  return duckdb::make_uniq<LocalState>(global->Cast<GlobalState>());
}

[[noreturn]] void ThrowScanError(ClientContext& context, const RemoteTable& table, Error error) {
  if (error.code != ErrorCode::kCancelled) {
    error = std::move(error).WithContext("dataset '" + table.dataset_name + "'");
  }
  ThrowIntoDuckDb(context, error);
}

// Returns false at the end of the scan.
bool NextPage(ClientContext& context, GlobalState& global, LocalState& local) {
  auto page = global.scan->Next([&context] { return context.interrupted.load(); });
  if (!page) ThrowScanError(context, *global.table, page.error());
  global.report.ReportCost();
  if (!page->has_value()) return false;
  local.page = std::make_shared<const dynamodb::Page>(*std::move(*page));
  if (global.request.count_only) {
    local.rows_left = local.page->count;
  } else if (auto started = local.decoder.Start(local.page->body, local.page); !started) {
    ThrowScanError(context, *global.table, started.error());
  }
  return true;
}

idx_t FillFromCount(const GlobalState& global, LocalState& local, DataChunk& output) {
  const auto rows = std::min<uint64_t>(local.rows_left, STANDARD_VECTOR_SIZE);
  local.rows_left -= rows;
  for (idx_t i = 0; i < global.columns.size(); ++i) {
    output.data[i].Reference(duckdb::Value(output.data[i].GetType()));
  }
  output.SetCardinality(rows);
  return rows;
}

void Execute(ClientContext& context, duckdb::TableFunctionInput& input, DataChunk& output) {
  auto& global = input.global_state->Cast<GlobalState>();
  auto& local = input.local_state->Cast<LocalState>();
  while (true) {
    if (local.page) {
      if (global.request.count_only) {
        if (FillFromCount(global, local, output) > 0) return;
      } else {
        const auto rows = local.decoder.Next(output);
        // Also of a value that fails the query (on_type_mismatch): a refresh may make room for it.
        global.report.ReportDecoding(context, local.decoder, local.misfits_reported);
        if (!rows) ThrowScanError(context, *global.table, rows.error());
        if (*rows > 0) return;
      }
      local.page.reset();
    }
    if (context.interrupted) throw duckdb::InterruptException();
    if (!NextPage(context, global, local)) {
      output.SetCardinality(0);
      return;
    }
  }
}

duckdb::unique_ptr<duckdb::NodeStatistics> Cardinality(ClientContext&,
                                                       const duckdb::FunctionData* data) {
  const auto rows = data->Cast<RemoteScanBindData>().table->item_count_estimate;
  // An estimate only, never a maximum: the service's count can be six hours old.
  return duckdb::make_uniq<duckdb::NodeStatistics>(rows == 0 ? kRowsWhenUnknown : rows);
}

double Progress(ClientContext&, const duckdb::FunctionData*,
                const duckdb::GlobalTableFunctionState* global) {
  const auto fraction = global->Cast<GlobalState>().scan->Progress().fraction;
  return fraction ? 100.0 * *fraction : -1;
}

duckdb::BindInfo GetBindInfo(const duckdb::optional_ptr<duckdb::FunctionData> data) {
  return duckdb::BindInfo(data->Cast<RemoteScanBindData>().entry);
}

duckdb::virtual_column_map_t VirtualColumns(ClientContext&,
                                            duckdb::optional_ptr<duckdb::FunctionData> data) {
  return RemoteVirtualColumns(*data->Cast<RemoteScanBindData>().table->schema);
}

duckdb::vector<duckdb::column_t> NoRowIds(ClientContext&,
                                          duckdb::optional_ptr<duckdb::FunctionData>) {
  return {};
}

void PushDownFilters(ClientContext&, duckdb::LogicalGet& get, duckdb::FunctionData* bind_data,
                     duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  auto& scan = bind_data->Cast<RemoteScanBindData>();
  scan.filters.Add(get, *scan.table, filters);
}

// What EXPLAIN shows.
duckdb::InsertionOrderPreservingMap<duckdb::string> ToString(
    duckdb::TableFunctionToStringInput& input) {
  const auto& bind_data = input.bind_data->Cast<RemoteScanBindData>();
  const auto& table = *bind_data.table;
  const auto request =
      MakeScanRequest(table, OutputColumnsOf(bind_data.planned_columns, *table.schema));
  const auto plan = PlanOf(bind_data, request, {});
  duckdb::InsertionOrderPreservingMap<duckdb::string> result;
  result["Operation"] = planning::OperationName(plan);
  result["Table"] = table.table_name;
  if (!plan.index_name.empty()) result["Index"] = plan.index_name;
  if (plan.fetches_items) result["Items"] = "fetched by the service";
  if (plan.completed_by_key) result["Items"] = "by BatchGetItem";
  if (bind_data.takes_join_keys) result["Join"] = "by its keys, if that costs less";
  if (plan.access_path == planning::ReadPlan::AccessPath::kScan) {
    result["Segments"] = std::to_string(table.scan.total_segments);
  }
  if (plan.access_path == planning::ReadPlan::AccessPath::kGetItems) {
    result["Key"] = plan.keys[0];
    if (plan.keys.size() > 1) result["Keys"] = std::to_string(plan.keys.size());
    return result;
  }
  if (!plan.key_conditions.empty()) {
    result["Key condition"] = dynamodb::ConditionText(plan.key_conditions[0]);
  }
  if (plan.key_conditions.size() > 1) {
    result["Queries"] = std::to_string(plan.key_conditions.size());
  }
  if (plan.filter) result["Filter"] = dynamodb::ConditionText(*plan.filter);
  return result;
}

// What EXPLAIN ANALYZE adds.
duckdb::InsertionOrderPreservingMap<duckdb::string> DynamicToString(
    duckdb::TableFunctionDynamicToStringInput& input) {
  duckdb::InsertionOrderPreservingMap<duckdb::string> result;
  if (!input.global_state) return result;
  const auto& global = input.global_state->Cast<GlobalState>();
  const auto statistics = global.scan->Statistics();
  result["Operation"] =
      global.request.count_only ? "Scan (Select=COUNT)" : planning::OperationName(global.plan);
  result["Table"] = global.table->table_name;
  if (!global.plan.index_name.empty()) result["Index"] = global.plan.index_name;
  result["Requests"] = std::to_string(statistics.pages);
  result["Items scanned"] = std::to_string(statistics.items_scanned);
  result["Consumed RCU"] = duckdb::Value::DOUBLE(statistics.consumed_read_units).ToString();
  result["Bytes"] = std::to_string(statistics.bytes);
  if (statistics.bytes_on_wire != statistics.bytes) {
    result["Bytes on the wire"] = std::to_string(statistics.bytes_on_wire);
  }
  result["Streams"] = std::to_string(statistics.streams_most);
  const auto throttles = statistics.throttles_of_key_range + statistics.throttles_of_table;
  if (throttles > 0) result["Throttles"] = std::to_string(throttles);
  if (statistics.failures > 0) result["Failures"] = std::to_string(statistics.failures);
  if (statistics.capacity_wait.count() > 0) {
    result["Capacity wait"] = std::to_string(statistics.capacity_wait.count()) + " ms";
  }
  return result;
}

class RemoteTableSource final : public TableSource {
 public:
  explicit RemoteTableSource(RemoteTable table)
      : table_(std::make_shared<const RemoteTable>(std::move(table))) {
    for (const auto& field : table_->schema->columns) {
      columns_.push_back({field.sql_name, field.shape.type});
    }
  }

  const std::vector<ResultColumn>& Columns() const override { return columns_; }

  duckdb::virtual_column_map_t VirtualColumns() const override {
    return RemoteVirtualColumns(*table_->schema);
  }

  duckdb::TableFunction ScanFunction(
      ClientContext&, duckdb::TableCatalogEntry& table,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const override {
    bind_data = duckdb::make_uniq<RemoteScanBindData>(table_, table);
    return RemoteScanFunction();
  }

  uint64_t EstimatedRows() const override { return table_->item_count_estimate; }

 private:
  std::shared_ptr<const RemoteTable> table_;
  std::vector<ResultColumn> columns_;
};

}  // namespace

duckdb::unique_ptr<duckdb::FunctionData> RemoteScanBindData::Copy() const {
  auto copy = duckdb::make_uniq<RemoteScanBindData>(table, entry);
  copy->filters = filters;
  copy->planned_columns = planned_columns;
  copy->takes_join_keys = takes_join_keys;
  return copy;
}

bool RemoteScanBindData::Equals(const duckdb::FunctionData& other) const {
  const auto& scan = other.Cast<RemoteScanBindData>();
  return scan.table == table && scan.filters == filters;
}

bool IsRemoteScan(const duckdb::LogicalGet& get) {
  return get.function.name == kFunctionName && get.bind_data;
}

duckdb::TableFunction RemoteScanFunction() {
  duckdb::TableFunction function(kFunctionName, {}, Execute, nullptr, InitGlobal, InitLocal);
  function.projection_pushdown = true;
  function.pushdown_complex_filter = PushDownFilters;
  function.cardinality = Cardinality;
  function.table_scan_progress = Progress;
  function.get_bind_info = GetBindInfo;
  function.get_virtual_columns = VirtualColumns;
  function.get_row_id_columns = NoRowIds;
  function.to_string = ToString;
  function.dynamic_to_string = DynamicToString;
  return function;
}

duckdb::virtual_column_map_t RemoteVirtualColumns(const items::ItemSchema& schema) {
  duckdb::virtual_column_map_t columns;
  columns.emplace(kItemColumn, duckdb::TableColumn(schema.item_name, duckdb::LogicalType::JSON()));
  columns.emplace(kOverflowColumn,
                  duckdb::TableColumn(schema.overflow_name, duckdb::LogicalType::JSON()));
  // Lets count(*) ask for no column at all.
  columns.emplace(duckdb::COLUMN_IDENTIFIER_EMPTY,
                  duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN));
  return columns;
}

std::shared_ptr<TableSource> MakeRemoteTableSource(RemoteTable table) {
  return std::make_shared<RemoteTableSource>(std::move(table));
}

}  // namespace sumac::engine
