// Where datasets come from: one connector per `from:` prefix. The list of them is in
// connectors.cc; adding one is one file and one line there.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret_string.h"
#include "engine/table_source.h"
#include "net/transport.h"
#include "spicepod/parameters.h"

namespace sumac::datasets {

// What a connector is told of one dataset.
struct ConnectRequest {
  std::string dataset_name;
  // What stands after the prefix in `from`: the table's name for DynamoDB.
  std::string path;
  // Checked against ParameterSpecifications(), secrets filled in, by canonical name.
  std::map<std::string, SecretString> parameters;
  // Polled while connecting, when not null.
  const std::atomic<bool>* cancelled = nullptr;
};

struct ConnectedTable {
  std::shared_ptr<engine::TableSource> source;
  // One line for the log: what was read to learn the schema, and what it cost.
  std::string summary;
};

// What all connectors share. Outlives them.
struct ConnectorContext {
  std::shared_ptr<net::Transport> transport;
  std::shared_ptr<Clock> clock;
  std::map<std::string, std::string> environment;
};

// Thread-safe.
class Connector {
 public:
  virtual ~Connector() = default;

  // The prefix in `from`, without its ':'.
  virtual std::string Prefix() const = 0;
  virtual const std::vector<spicepod::ParameterSpecification>& ParameterSpecifications() const = 0;

  // Reaches the source and learns the table's schema. Blocks. The error says what to do and does
  // not repeat the dataset's name.
  virtual Result<ConnectedTable> Connect(const ConnectRequest& request) = 0;
};

// Every connector that is built in.
std::vector<std::unique_ptr<Connector>> MakeConnectors(ConnectorContext context);

}  // namespace sumac::datasets
