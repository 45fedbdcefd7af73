#include "datasets/dynamodb_connector.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "datasets/declared_columns.h"
#include "datasets/dynamodb_access.h"
#include "datasets/dynamodb_parameters.h"
#include "datasets/dynamodb_scan_options.h"
#include "datasets/load_checkpoint.h"
#include "datasets/schema_sampler.h"
#include "datasets/table_load.h"
#include "dynamodb/client.h"
#include "engine/remote_table.h"
#include "items/item_outlines.h"

namespace sumac::datasets {
namespace {

// What the log says of a sample; `requests` are all that were made for it.
std::string Describe(const SchemaSample& sample, size_t columns, uint64_t requests) {
  return fmt::format(
      "{} columns from {}{} items ({} requests, {} RCU{})", columns,
      sample.whole_table ? "all " : "", sample.items, requests, sample.consumed_read_units,
      sample.stopped_early ? "; stopped early, as the last of them showed nothing new" : "");
}

// The same of a load.
std::string Describe(const LoadedTable& loaded, size_t columns) {
  std::string kept;
  if (loaded.kept.pages > 0) {
    kept = fmt::format("; {} pages of an interrupted load were kept", loaded.kept.pages);
  }
  return fmt::format("{} columns from all {} items ({} requests, {} RCU{})", columns, loaded.items,
                     loaded.cost.pages + 1, loaded.cost.consumed_read_units, kept);
}

class DynamoDbConnector final : public Connector {
 public:
  explicit DynamoDbConnector(ConnectorContext context) : context_(WithShared(std::move(context))) {}

  std::string Prefix() const override { return "dynamodb"; }

  const std::vector<spicepod::ParameterSpecification>& ParameterSpecifications() const override {
    return DynamoDbParameterSpecifications();
  }

  Status Check(const ConnectRequest& request) override {
    SUMAC_RETURN_IF_ERROR(CheckPath(request));
    SUMAC_ASSIGN_OR_RETURN(const auto parameters, ParseDynamoDbParameters(request.parameters));
    LogWarnings(request, parameters);
    SUMAC_ASSIGN_OR_RETURN(const auto columns, ReadDeclaredColumns(request.columns));
    return {};
  }

  Result<ConnectedTable> Connect(const ConnectRequest& request) override {
    SUMAC_ASSIGN_OR_RETURN(const auto reached, Reach(request));
    return request.load_all ? Load(request, reached) : Sample(request, reached);
  }

  Result<std::optional<std::chrono::milliseconds>> SchemaRefreshInterval(
      const ConnectRequest& request) override {
    SUMAC_ASSIGN_OR_RETURN(const auto parameters, ParseDynamoDbParameters(request.parameters));
    return parameters.schema_refresh_interval;
  }

  Result<AccessReport> ExplainAccess(const ConnectRequest& request) override {
    SUMAC_ASSIGN_OR_RETURN(const auto parameters, ParseDynamoDbParameters(request.parameters));
    AccessReport report;
    aws::CredentialsRequest search;
    search.cancelled = request.cancelled;
    search.reports = &report.sources;
    SUMAC_ASSIGN_OR_RETURN(
        const auto route,
        FindDynamoDbRoute(parameters, request.path, *context_.credentials, request.cancelled));
    report.region = route.region;
    report.region_source = route.region_source;
    report.credentials = route.credentials->GetCredentials(search);
    if (report.credentials) {
      const auto endpoint = EndpointFor(route, request.path, *report.credentials);
      if (endpoint) {
        report.endpoint_url = endpoint->url;
      } else {
        report.endpoint_url = Fail(endpoint.error());
      }
    } else if (report.credentials.error().code == ErrorCode::kCancelled) {
      return Fail(report.credentials.error());
    }
    report.endpoint_source = route.endpoint_source;
    return report;
  }

  Result<TableInspection> Inspect(const ConnectRequest& request,
                                  const InspectOptions& options) override {
    SUMAC_ASSIGN_OR_RETURN(auto reached, Reach(request));
    const auto& [parameters, client, description, price, capacity] = reached;
    TableInspection inspection;
    items::ItemOutlines outlines(description.keys);
    SUMAC_ASSIGN_OR_RETURN(auto sampling, SamplingOf(parameters, description, request));
    if (!options.as_dataset) sampling.items_max = options.items_max;
    sampling.scan = ScanOf(reached, std::nullopt);
    sampling.on_page = [&](std::string_view body) -> Status {
      SUMAC_RETURN_IF_ERROR(inspection.census.AddPage(body));
      return outlines.AddPage(body);
    };
    SUMAC_ASSIGN_OR_RETURN(auto sample,
                           SampleSchema(client, description, sampling, request.cancelled));
    inspection.table_name = description.name;
    inspection.keys = description.keys;
    inspection.schema = std::move(sample.schema);
    inspection.kinds = items::FindEntityKinds(outlines.Outlines(), description.keys);
    inspection.items = sample.items;
    inspection.requests = sample.requests + 1;  // DescribeTable
    inspection.consumed_read_units = sample.consumed_read_units;
    inspection.whole_table = sample.whole_table;
    inspection.dataset_items_max = parameters.schema_infer_max_records;
    return inspection;
  }

 private:
  struct ReachedTable {
    DynamoDbParameters parameters;
    std::shared_ptr<dynamodb::Client> client;
    dynamodb::TableDescription description;
    planning::ReadPrice price;
    // Shared with all datasets of the table.
    std::shared_ptr<dynamodb::ReadCapacity> capacity;
  };

  static Status CheckPath(const ConnectRequest& request) {
    if (!request.path.empty()) return {};
    return Fail(ErrorCode::kInvalidArgument, "'from' names no table; write it as dynamodb:<table>");
  }

  static void LogWarnings(const ConnectRequest& request, const DynamoDbParameters& parameters) {
    for (const auto& warning : parameters.warnings) {
      LogWarningOnce(fmt::format("dataset '{}': {}", request.dataset_name, warning));
    }
  }

  // The table as the dataset's parameters find it, if it can be read.
  Result<ReachedTable> Reach(const ConnectRequest& request) {
    SUMAC_RETURN_IF_ERROR(CheckPath(request));
    ReachedTable table;
    SUMAC_ASSIGN_OR_RETURN(table.parameters, ParseDynamoDbParameters(request.parameters));
    LogWarnings(request, table.parameters);
    SUMAC_ASSIGN_OR_RETURN(table.client, MakeClient(table.parameters, request));
    SUMAC_ASSIGN_OR_RETURN(table.description,
                           table.client->DescribeTable(request.path, request.cancelled));
    // The service answers with the plain name; a table of another account is known by its ARN only.
    table.description.name = request.path;
    SUMAC_RETURN_IF_ERROR(CheckUsable(table.description));
    table.price = planning::ReadPriceOf(table.description, table.client->options().region,
                                        table.parameters.read_price_per_million);
    SUMAC_RETURN_IF_ERROR(CheckBudget(table));
    SUMAC_ASSIGN_OR_RETURN(table.capacity, CapacityOf(table, request.dataset_name));
    return table;
  }

  // The table's capacity, held to what this dataset allows.
  Result<std::shared_ptr<dynamodb::ReadCapacity>> CapacityOf(
      const ReachedTable& table, const std::string& dataset_name) const {
    SUMAC_ASSIGN_OR_RETURN(const auto allowed,
                           ReadUnitsAllowed(table.parameters, table.description));
    const auto& arn = table.description.arn;
    auto capacity = context_.read_capacities->Of(table.client->options().endpoint_url,
                                                 arn.empty() ? table.description.name : arn);
    capacity->SetLimit(dataset_name, allowed);
    const auto lowest = capacity->LowestLimit();
    if (lowest && lowest->dataset_name != dataset_name &&
        (!allowed || lowest->units_per_second < *allowed)) {
      LogWarningOnce(fmt::format(
          "dataset '{}': its table is read at {} RCU a second at most, because dataset '{}' has "
          "that as read_capacity",
          dataset_name, lowest->units_per_second, lowest->dataset_name));
    }
    return capacity;
  }

  dynamodb::ParallelScanOptions ScanOf(const ReachedTable& table,
                                       const std::optional<SampledSize>& sample) const {
    auto options = ScanOptionsFor(table.parameters, table.description, sample);
    options.capacity = table.capacity;
    options.buffer.budget = context_.page_bytes;
    return options;
  }

  static Result<SampleOptions> SamplingOf(const DynamoDbParameters& parameters,
                                          const dynamodb::TableDescription& description,
                                          const ConnectRequest& request) {
    SampleOptions sampling;
    sampling.items_max = parameters.schema_infer_max_records;
    sampling.consistent_read = parameters.consistent_read;
    sampling.schema = parameters.schema;
    sampling.schema.index_string_keys = dynamodb::IndexStringKeys(description);
    SUMAC_ASSIGN_OR_RETURN(sampling.schema.columns, ReadDeclaredColumns(request.columns));
    if (request.observer_before) sampling.schema.before = request.observer_before->schema();
    sampling.known_types = request.known_types;
    return sampling;
  }

  // A table that every query scans, with the schema that a sample of it shows.
  Result<ConnectedTable> Sample(const ConnectRequest& request, const ReachedTable& reached) const {
    const auto& [parameters, client, description, price, capacity] = reached;
    SUMAC_ASSIGN_OR_RETURN(auto sampling, SamplingOf(parameters, description, request));
    sampling.scan = ScanOf(reached, std::nullopt);
    SUMAC_ASSIGN_OR_RETURN(auto sample,
                           SampleSchema(client, description, sampling, request.cancelled));

    auto table = TableOf(request, reached);
    table.scan = ScanOf(reached, SampledSize{sample.whole_table, sample.items, sample.bytes});
    table.seen_size->Add({sample.items, sample.requests, sample.consumed_read_units,
                          parameters.consistent_read, sample.whole_table});
    table.item_count_estimate =
        sample.whole_table ? std::max<uint64_t>(sample.items, 1) : description.item_count;
    const std::string summary = Describe(sample, sample.schema.columns.size(), sample.requests + 1);
    return Connected(request, reached, std::move(table), std::move(sample.schema),
                     std::move(sample.types), summary);
  }

  // The whole table, read once, with the schema that holds all of it.
  Result<ConnectedTable> Load(const ConnectRequest& request, const ReachedTable& reached) const {
    SUMAC_ASSIGN_OR_RETURN(const auto sampling,
                           SamplingOf(reached.parameters, reached.description, request));
    SUMAC_ASSIGN_OR_RETURN(auto loading, LoadingOf(request, reached));
    loading.schema = sampling.schema;
    SUMAC_ASSIGN_OR_RETURN(auto loaded, LoadTable(loading));
    SUMAC_ASSIGN_OR_RETURN(auto schema, SchemaOf(loaded.types, reached.description, sampling));
    auto table = TableOf(request, reached);
    table.scan = loading.scan;
    table.stored_pages = loaded.pages;
    table.item_count_estimate = loaded.items;
    const std::string summary = Describe(loaded, schema.columns.size());
    auto connected = Connected(request, reached, std::move(table), std::move(schema),
                               std::move(loaded.types), summary);
    connected.read_since = loaded.read_since;
    return connected;
  }

  // All but the schema's options.
  Result<TableLoadRequest> LoadingOf(const ConnectRequest& request,
                                     const ReachedTable& reached) const {
    TableLoadRequest loading;
    loading.dataset_name = request.dataset_name;
    loading.client = reached.client;
    loading.what.table_name = reached.description.name;
    loading.what.consistent_read = reached.parameters.consistent_read;
    loading.scan = ScanOf(reached, std::nullopt);
    loading.clock = context_.clock;
    loading.temporary_directory = Variable(context_.environment, "TMPDIR");
    loading.cancelled = request.cancelled;
    if (request.checkpoint_path.empty()) return loading;
    LoadCheckpointRequest keeping;
    keeping.dataset_name = request.dataset_name;
    keeping.path = request.checkpoint_path;
    keeping.table = reached.description;
    keeping.endpoint_url = reached.client->options().endpoint_url;
    keeping.region = reached.client->options().region;
    keeping.consistent_read = reached.parameters.consistent_read;
    keeping.total_segments = loading.scan.total_segments;
    keeping.cancelled = request.cancelled;
    SUMAC_ASSIGN_OR_RETURN(loading.checkpoint, OpenLoadCheckpoint(keeping, *context_.clock));
    if (loading.checkpoint) {
      // The table may have grown since, and its segments are what they were.
      auto as_before = reached;
      as_before.parameters.scan_segments = loading.checkpoint->total_segments();
      loading.scan = ScanOf(as_before, std::nullopt);
    }
    return loading;
  }

  // All but how it is scanned, and its schema.
  engine::RemoteTable TableOf(const ConnectRequest& request, const ReachedTable& reached) const {
    engine::RemoteTable table;
    table.dataset_name = request.dataset_name;
    table.table_name = reached.description.name;
    table.client = reached.client;
    table.consistent_read = reached.parameters.consistent_read;
    table.description = reached.description;
    table.pushdown = reached.parameters.pushdown;
    table.price = reached.price;
    if (!request.for_copy) table.budget = reached.parameters.query_budget;
    table.metrics = context_.metrics;
    table.refreshable = context_.serving;
    return table;
  }

  static ConnectedTable Connected(const ConnectRequest& request, const ReachedTable& reached,
                                  engine::RemoteTable table, items::ItemSchema schema,
                                  items::TypeSummary types, const std::string& summary) {
    ConnectedTable connected;
    connected.summary = summary;
    if (schema.attributes_left_out > 0) {
      LogWarningOnce(fmt::format(
          "dataset '{}': {} attributes have no column, because there are more than {}; those under "
          "'columns' go first, and {} has the others",
          table.dataset_name, schema.attributes_left_out, items::kColumnsMax,
          schema.overflow_name));
    }
    for (const auto& key : table.description.keys) {
      for (const auto& column : schema.columns) {
        const bool is_key = column.attribute_name == key.name && column.path.empty();
        if (is_key) connected.key_columns.push_back(column.sql_name);
      }
    }
    table.schema = std::make_shared<const items::ItemSchema>(std::move(schema));
    table.observer =
        std::make_shared<items::SchemaObserver>(table.schema, request.observer_before.get());
    connected.types = std::make_shared<const items::TypeSummary>(std::move(types));
    connected.observer = table.observer;
    const auto& of_table = table.description;
    connected.table_identity = table.client->options().endpoint_url + " " +
                               (of_table.id.empty() ? of_table.arn : of_table.id);
    if (request.for_copy) {
      auto live = table;
      live.stored_pages = nullptr;
      live.budget = reached.parameters.query_budget;
      connected.live_source = engine::MakeRemoteTableSource(std::move(live));
    }
    connected.source = engine::MakeRemoteTableSource(std::move(table));
    return connected;
  }

  Result<std::shared_ptr<dynamodb::Client>> MakeClient(const DynamoDbParameters& parameters,
                                                       const ConnectRequest& request) {
    SUMAC_ASSIGN_OR_RETURN(auto route, FindDynamoDbRoute(parameters, request.path,
                                                         *context_.credentials, request.cancelled));
    aws::CredentialsRequest search;
    search.cancelled = request.cancelled;
    SUMAC_ASSIGN_OR_RETURN(const auto credentials, route.credentials->GetCredentials(search));
    SUMAC_ASSIGN_OR_RETURN(const auto endpoint, EndpointFor(route, request.path, credentials));
    dynamodb::ClientOptions options;
    options.endpoint_url = endpoint.url;
    options.compression = parameters.compression;
    options.region = endpoint.signing_region.empty() ? route.region : endpoint.signing_region;
    return std::make_shared<dynamodb::Client>(context_.transport, std::move(route.credentials),
                                              context_.credentials->context().clock, options);
  }

  static ConnectorContext WithShared(ConnectorContext context) {
    if (!context.read_capacities) {
      context.read_capacities =
          std::make_shared<dynamodb::ReadCapacities>(context.transport, context.clock);
    }
    return context;
  }

  // A bound in dollars that cannot be kept must not look as if it were.
  static Status CheckBudget(const ReachedTable& table) {
    const bool has_price = table.price.kind != planning::ReadPrice::Kind::kUnknown;
    if (!table.parameters.query_budget.dollars || has_price) return {};
    return Fail(ErrorCode::kInvalidArgument,
                "parameter 'query_budget_dollars' needs a price, and none is known for table '" +
                    table.description.name + "' in " + table.client->options().region +
                    "; give read_price_per_million as well, or query_budget_rcu instead");
  }

  static Status CheckUsable(const dynamodb::TableDescription& table) {
    // A table that is being updated or has lost its key still reads.
    if (table.status != "CREATING" && table.status != "DELETING") return {};
    return Fail(ErrorCode::kUnavailable,
                "table '" + table.name + "' is " + table.status + "; try again when it is ACTIVE");
  }

  const ConnectorContext context_;
};

}  // namespace

std::unique_ptr<Connector> MakeDynamoDbConnector(ConnectorContext context) {
  return std::make_unique<DynamoDbConnector>(std::move(context));
}

}  // namespace sumac::datasets
