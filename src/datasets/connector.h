// Where datasets come from: one connector per `from:` prefix. The list of them is in
// connectors.cc; adding one is one file and one line there.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/credentials/credentials_sources.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/secret_string.h"
#include "dynamodb/byte_budget.h"
#include "dynamodb/read_capacity.h"
#include "dynamodb/table_description.h"
#include "engine/database.h"
#include "engine/table_source.h"
#include "items/entity_kinds.h"
#include "items/item_census.h"
#include "items/item_schema.h"
#include "items/schema_observer.h"
#include "items/type_summary.h"
#include "net/transport.h"
#include "spicepod/parameters.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// What a connector is told of one dataset.
struct ConnectRequest {
  std::string dataset_name;
  // What stands after the prefix in `from`: the table's name for DynamoDB.
  std::string path;
  // Checked against ParameterSpecifications(), secrets filled in, by canonical name.
  std::map<std::string, SecretString> parameters;
  // What the user says of columns.
  std::vector<spicepod::Column> columns;
  // The observer of the schema that is to be followed; null the first time.
  std::shared_ptr<const items::SchemaObserver> observer_before;
  // The table is going to be copied whole: read all of it now, and once. The source that comes back
  // gives those rows to one scan, and its schema holds all of them.
  bool load_all = false;
  // What is read is going to be kept, so it is not held to what a query may cost.
  bool for_copy = false;
  // With `load_all`: absolute path of a file in which what is read is kept, so that a load that is
  // interrupted goes on from there in the next Connect with the same path, in this process or
  // another; empty keeps nothing. Its folder is there; the file is made. The caller removes it once
  // the copy is safe. docs/load_checkpoint.md has what becomes of it.
  std::string checkpoint_path;
  // Polled while connecting, when not null.
  const std::atomic<bool>* cancelled = nullptr;
  // What is known of the items' types already, by an earlier connection and the scans since; null
  // when nothing is. The schema holds it as well as what is sampled now.
  std::shared_ptr<const items::TypeSummary> known_types;
};

struct ConnectedTable {
  std::shared_ptr<engine::TableSource> source;
  // With `load_all` or `for_copy`: the same table for queries, which reads the source each time and
  // is held to what a query may cost. Null: `source` is one.
  std::shared_ptr<engine::TableSource> live_source;
  // Which table it is, whatever its name: rows of another are not to be added to a copy of this.
  // Empty when that is not known.
  std::string table_identity;
  // One line for the log: what was read to learn the schema, and what it cost.
  std::string summary;
  // What the schema was made from, for the next connection's `known_types`; null when the connector
  // has a schema that needs none.
  std::shared_ptr<const items::TypeSummary> types;
  // The columns that no two rows have the same values in; empty when there are none.
  std::vector<std::string> key_columns;
  // Receives what scans of `source` notice; null when they notice nothing.
  std::shared_ptr<items::SchemaObserver> observer;
  // With `load_all`: the items are as of this time or later. That of the first part of a load that
  // was interrupted.
  std::optional<WallTime> read_since;
};

// Who a dataset reads as, and where; for `sumac credentials`. Holds credentials: show no more of
// them than their access key id.
struct AccessReport {
  std::string region;
  std::string region_source;
  // Empty without credentials, because it may depend on their account.
  Result<std::string> endpoint_url;
  std::string endpoint_source;
  // In the order in which they were asked.
  std::vector<aws::SourceReport> sources;
  Result<aws::Credentials> credentials;
};

// What a sample of a table shows, for `sumac schema`.
struct TableInspection {
  std::string table_name;
  std::vector<dynamodb::KeyAttribute> keys;
  // The columns, from the same sample.
  items::ItemSchema schema;
  items::ItemCensus census;
  items::EntityKinds kinds;
  // What was read and what it cost.
  uint64_t items = 0;
  uint64_t requests = 0;
  double consumed_read_units = 0;
  bool whole_table = false;
  // What the dataset reads itself when it loads; absent means all of the table.
  std::optional<uint64_t> dataset_items_max;
};

struct InspectOptions {
  // Items to read at most; absent means all of the table.
  std::optional<uint64_t> items_max;
  // Reads as many as the dataset does when it loads, whatever `items_max` says.
  bool as_dataset = true;
};

// What all connectors share. Outlives them.
struct ConnectorContext {
  std::shared_ptr<net::Transport> transport;
  std::shared_ptr<Clock> clock;
  Environment environment;
  // Datasets that take their credentials from the same place share them.
  std::shared_ptr<aws::CredentialsSources> credentials;
  // What all scans of one table share; null makes the connector have its own.
  std::shared_ptr<dynamodb::ReadCapacities> read_capacities;
  // What pages of all scans may take that nobody has read yet; null bounds each scan alone.
  std::shared_ptr<dynamodb::ByteBudget> page_bytes;
  // Null counts nothing.
  std::shared_ptr<Metrics> metrics;
  // True in a process that goes on serving, in which a schema can be refreshed.
  bool serving = false;
  // Where the tables are going to be registered, and paths are relative to. DatasetLoader fills
  // them in.
  engine::Database* database = nullptr;
  std::string directory;
};

// The real network and clock, with the proxies and certificates that `environment` names. Error:
// that of net::CurlTransport::Create.
Result<ConnectorContext> MakeConnectorContext(Environment environment);

// Thread-safe.
class Connector {
 public:
  virtual ~Connector() = default;

  // The prefix in `from`, without its ':'.
  virtual std::string Prefix() const = 0;
  virtual const std::vector<spicepod::ParameterSpecification>& ParameterSpecifications() const = 0;

  // What can be said without reaching the source; files of this machine may be looked at. The error
  // is the one that Connect would give, and does not repeat the dataset's name.
  virtual Status Check(const ConnectRequest& request) = 0;

  // Reaches the source and learns the table's schema. Blocks. The error says what to do and does
  // not repeat the dataset's name.
  virtual Result<ConnectedTable> Connect(const ConnectRequest& request) = 0;

  // How often the dataset's schema is to be refreshed; nothing when only on demand, which is the
  // default. Reads nothing.
  virtual Result<std::optional<std::chrono::milliseconds>> SchemaRefreshInterval(
      const ConnectRequest& request);

  // Looks for credentials as Connect would, and reads nothing with them. `request.path` may be
  // empty. That none are found is a part of the report; errors are those before the search. The
  // default is the error kUnsupported.
  virtual Result<AccessReport> ExplainAccess(const ConnectRequest& request);

  // Reads a sample and says what is in it. Blocks. Errors as those of Connect. The default is the
  // error kUnsupported.
  virtual Result<TableInspection> Inspect(const ConnectRequest& request,
                                          const InspectOptions& options);
};

// Every connector that is built in.
std::vector<std::unique_ptr<Connector>> MakeConnectors(ConnectorContext context);

}  // namespace sumac::datasets
