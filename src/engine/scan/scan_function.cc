#include "engine/scan/scan_function.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "dynamodb/expression_limits.h"
#include "engine/query_state.h"
#include "engine/scan/combined_pages.h"
#include "engine/scan/join_keys.h"
#include "engine/scan/native_scan.h"
#include "engine/scan/page_sources.h"
#include "engine/scan/scan_budget.h"
#include "engine/scan/scan_columns.h"
#include "engine/scan/scan_estimate.h"
#include "engine/scan/scan_explain.h"
#include "engine/scan/scan_report.h"
#include "engine/scan/unwanted_rows.h"
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
  if (request.count_only && !bind_data.use.counts_filtered) return {};
  return bind_data.filters.PlanFor(*bind_data.table, request, std::move(join_keys));
}

// Requests that can be under way side by side; nothing for a scan, which has any number.
size_t RequestsOf(const planning::ReadPlan& plan) {
  if (plan.access_path == planning::ReadPlan::AccessPath::kGetItems) {
    return (plan.keys.size() + dynamodb::kBatchGetKeysMax - 1) / dynamodb::kBatchGetKeysMax;
  }
  return plan.key_conditions.size();
}

// Throws the refusal of what is dearer than the dataset allows. That of the query's plan was
// checked before; a scan may have become another since, and others have been paid for.
void CheckRead(ClientContext& context, const RemoteTable& table, const planning::ReadPlan& plan,
               const std::optional<uint64_t>& rows_enough, const planning::ReadEstimate& estimate) {
  CheckFullScan(context, table, plan, rows_enough);
  CheckBudget(context, table, estimate.read_units);
}

PageTerms TermsOf(const QueryState& query, const RemoteTable& table,
                  const std::shared_ptr<dynamodb::ReadBudget>& budget, const RowGoals& goals) {
  PageTerms terms;
  terms.goals = goals;
  terms.deadline = query.deadline_watch().deadline();
  terms.budget = budget;
  terms.on_page = [log = query.requests(), scan = query.requests()->NextScan(),
                   dataset = table.dataset_name](const dynamodb::ScanRequest& request,
                                                 const dynamodb::Page& page) {
    log->Add(scan, dataset, request, page);
  };
  return terms;
}

dynamodb::ScanRequest RequestOf(const RemoteScanBindData& bind_data,
                                const std::vector<OutputColumn>& columns) {
  auto request = MakeScanRequest(*bind_data.table, columns);
  const auto& first = bind_data.use.first_rows;
  request.descending = first && first->order && first->order->descending;
  return request;
}

class GlobalState final : public duckdb::GlobalTableFunctionState {
 public:
  GlobalState(ClientContext& context, const RemoteScanBindData& bind_data,
              std::vector<OutputColumn> columns_in, std::vector<dynamodb::Condition> join_keys)
      : query(QueryState::Shared(context)),
        table(bind_data.table),
        columns(std::move(columns_in)),
        request(RequestOf(bind_data, columns)),
        plan(PlanOf(bind_data, request, std::move(join_keys))),
        estimate(EstimateScanOf(*table, plan, bind_data.rows_enough)),
        budget(BudgetOf(*query, *table)),
        started_at(Now()),
        first_rows(EarlyEnd(bind_data.use, plan, *table)),
        goals(RowGoalsOf(bind_data.use, plan, bind_data.filters, *table)),
        one_worker(goals.planned && !bind_data.filters.HasOthers()),
        scan(Open(context, bind_data)),
        number_in_query(query->scans().Begin(table->dataset_name, scan, table->price)),
        report(*table, *scan, request.projection.empty() && !ShowsWholeItems(columns)) {}

  // Its pages; of a scan below a join or behind a copy, once it is asked for rows: a join whose
  // other side has none asks for none. Throws the refusal of what the query may not read.
  std::shared_ptr<dynamodb::PageSource> Open(ClientContext& context,
                                             const RemoteScanBindData& bind_data) const {
    const auto open = [this, &context, rows_enough = bind_data.rows_enough] {
      CheckRead(context, *table, plan, rows_enough, estimate);
      return OpenPages(table, request, plan, TermsOf(*query, *table, budget, goals));
    };
    if (!bind_data.takes_join_keys && !bind_data.opens_late) return open();
    return std::make_shared<LatePages>(open);
  }

  // Whoever else holds the source, nothing is read or kept for this scan any more.
  ~GlobalState() override {
    scan->Cancel();
    query->scans().End(number_in_query);
    NoteSize(false);
  }

  // All is read.
  void OnEnd() {
    ended_at = Now();
    NoteSize(true);
  }

  // To its end, when it has come.
  MonotonicTime::duration Elapsed() const {
    const MonotonicTime ended = ended_at;
    return std::min(Now(), ended) - started_at;
  }

  // Pages that are stored need no client.
  MonotonicTime Now() const {
    return table->client ? table->client->clock()->MonotonicNow() : MonotonicTime();
  }

  // What estimates learn from it; `at_end`: nothing is left to read.
  void NoteSize(bool at_end) const {
    if (table->stored_pages || plan.access_path != planning::ReadPlan::AccessPath::kScan) return;
    const auto statistics = scan->Statistics();
    table->seen_size->Add({statistics.items_scanned, statistics.pages,
                           statistics.consumed_read_units, table->consistent_read, at_end});
  }

  // Ends the scan when the rows that were returned are all that are needed. Rows in an order are
  // not, once something else stands in for the query that sorts.
  void EndEarly() {
    if (!first_rows || rows_counted < first_rows->rows) return;
    const auto& denials = *table->denials;
    const bool denied = plan.index_name.empty() ? denials.query : denials.index;
    if (first_rows->order && denied) return;
    ended_early = true;
    // Nobody has to wait for what is under way.
    scan->Cancel();
  }

  idx_t MaxThreads() const override {
    // Two would read ahead of each other, beyond the rows that are wanted.
    if (one_worker) return 1;
    const auto streams = static_cast<size_t>(std::max(1, table->scan.streams.most));
    const size_t requests = RequestsOf(plan);
    return requests > 0 ? std::min(requests, streams) : streams;
  }

  const duckdb::shared_ptr<QueryState> query;
  const std::shared_ptr<const RemoteTable> table;
  const std::vector<OutputColumn> columns;
  const dynamodb::ScanRequest request;
  const planning::ReadPlan plan;
  const planning::ReadEstimate estimate;
  const std::shared_ptr<dynamodb::ReadBudget> budget;  // null without one
  const MonotonicTime started_at;
  // Null when all rows are needed.
  const std::shared_ptr<const FirstRows> first_rows;
  std::atomic<uint64_t> rows_counted = 0;  // towards these
  std::atomic<bool> ended_early = false;
  const RowGoals goals;
  const bool one_worker;
  const std::shared_ptr<dynamodb::PageSource> scan;
  const uint64_t number_in_query;
  ScanReport report;
  std::atomic<MonotonicTime> ended_at = MonotonicTime::max();
};

class LocalState final : public duckdb::LocalTableFunctionState {
 public:
  LocalState(duckdb::ExecutionContext& context, GlobalState& global)
      : unwanted(AreRowsUnwanted(context)),
        decoder(global.table->schema, global.columns),
        misfits_reported(global.table->schema->columns.size()) {
    if (global.first_rows) {
      counter.emplace(context.client, global.first_rows, global.rows_counted);
    }
  }

  const bool unwanted;

  // Vectors of the chunks that were made of it may keep it longer.
  std::shared_ptr<const dynamodb::Page> page;
  uint64_t rows_left = 0;  // of a page of counts
  items::PageDecoder decoder;
  std::vector<uint64_t> misfits_reported;
  std::optional<FirstRowsCounter> counter;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(
    ClientContext& context, duckdb::TableFunctionInitInput& input) {
  const auto& bind_data = input.bind_data->Cast<RemoteScanBindData>();
  auto columns = OutputColumnsOf(input.column_indexes, *bind_data.table->schema);
  return duckdb::make_uniq<GlobalState>(
      context, bind_data, std::move(columns),
      JoinKeysOf(input.filters, input.column_indexes, *bind_data.table));
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitLocal(
    duckdb::ExecutionContext& context, duckdb::TableFunctionInitInput&,
    duckdb::GlobalTableFunctionState* global) {
  return duckdb::make_uniq<LocalState>(context, global->Cast<GlobalState>());
}

[[noreturn]] void ThrowScanError(ClientContext& context, const RemoteTable& table, Error error) {
  if (error.code != ErrorCode::kCancelled) {
    error = std::move(error).WithContext("dataset '" + table.dataset_name + "'");
  }
  ThrowIntoDuckDb(context, error);
}

[[noreturn]] void ThrowPageError(ClientContext& context, const GlobalState& global, Error error) {
  const bool is_spent =
      error.code == ErrorCode::kResourceExhausted && global.budget && global.budget->Exhausted();
  if (is_spent) error = BudgetSpentError(*global.table, *global.budget);
  ThrowScanError(context, *global.table, std::move(error));
}

// Returns false at the end of the scan.
bool NextPage(ClientContext& context, GlobalState& global, LocalState& local) {
  auto page = global.scan->Next([&context] { return context.interrupted.load(); });
  if (!page && global.ended_early) return false;
  if (!page) ThrowPageError(context, global, page.error());
  global.report.ReportCost();
  if (!page->has_value()) {
    global.OnEnd();
    return false;
  }
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
        if (FillFromCount(global, local, output) > 0) {
          if (local.counter) local.counter->Count(output);
          global.EndEarly();
          return;
        }
      } else {
        const auto rows = local.decoder.Next(output);
        // Also of a value that fails the query (on_type_mismatch): a refresh may make room for it.
        global.report.ReportDecoding(context, local.decoder, local.misfits_reported);
        if (!rows) ThrowScanError(context, *global.table, rows.error());
        if (*rows > 0) {
          if (local.counter) local.counter->Count(output);
          global.EndEarly();
          return;
        }
      }
      local.page.reset();
    }
    if (context.interrupted) throw duckdb::InterruptException();
    if (local.unwanted || global.ended_early || !NextPage(context, global, local)) {
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

ExplainLines ToString(duckdb::TableFunctionToStringInput& input) {
  const auto& bind_data = input.bind_data->Cast<RemoteScanBindData>();
  const auto& table = *bind_data.table;
  const auto plan = PlannedRead(bind_data);
  auto lines = ExplainScan(table, plan, EstimateScanOf(table, plan, bind_data.rows_enough));
  if (bind_data.takes_join_keys) lines["Join"] = "by its keys, if that costs less";
  const auto& use = bind_data.use;
  if (const auto first = EarlyEnd(use, plan, table); first && first->order) {
    lines["Order"] = '"' + table.schema->columns[first->order->column].attribute_name + '"' +
                     (first->order->descending ? ", descending" : "");
  }
  if (const auto goals = RowGoalsOf(use, plan, bind_data.filters, table); goals.planned) {
    lines["Rows wanted"] = std::to_string(goals.planned->rows);
  }
  if (use.counts_filtered) lines["Operation"] += " (Select=COUNT)";
  return lines;
}

ExplainLines DynamicToString(duckdb::TableFunctionDynamicToStringInput& input) {
  if (!input.global_state) return {};
  const auto& global = input.global_state->Cast<GlobalState>();
  ScanOutcome outcome;
  outcome.count_only = global.request.count_only;
  outcome.statistics = global.scan->Statistics();
  outcome.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(global.Elapsed());
  return ExplainAnalyzedScan(*global.table, global.plan, global.estimate, outcome);
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
  copy->opens_late = opens_late;
  copy->rows_enough = rows_enough;
  copy->use = use;
  return copy;
}

bool RemoteScanBindData::Equals(const duckdb::FunctionData& other) const {
  const auto& scan = other.Cast<RemoteScanBindData>();
  return scan.table == table && scan.filters == filters && scan.rows_enough == rows_enough &&
         scan.opens_late == opens_late && scan.use == use;
}

RemoteScanBindData* RemoteScanOf(duckdb::LogicalGet& get) {
  if (get.function.name != kFunctionName || !get.bind_data) return nullptr;
  return &get.bind_data->Cast<RemoteScanBindData>();
}

planning::ReadPlan PlannedRead(const RemoteScanBindData& bind_data) {
  const auto& table = *bind_data.table;
  const auto columns = OutputColumnsOf(bind_data.planned_columns, *table.schema);
  return PlanOf(bind_data, MakeScanRequest(table, columns), {});
}

duckdb::TableFunction RemoteScanFunction() {
  duckdb::TableFunction function(kFunctionName, {}, Execute, nullptr, InitGlobal, InitLocal);
  function.projection_pushdown = true;
  function.pushdown_complex_filter = PushDownFilters;
  function.cardinality = Cardinality;
  function.table_scan_progress = Progress;
  function.get_bind_info = GetBindInfo;
  function.serialize = RefusePlanCopy;
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
