#include "datasets/connector.h"
#include "datasets/dynamodb_connector.h"

namespace sumac::datasets {

std::vector<std::unique_ptr<Connector>> MakeConnectors(ConnectorContext context) {
  std::vector<std::unique_ptr<Connector>> connectors;
  connectors.push_back(MakeDynamoDbConnector(std::move(context)));
  return connectors;
}

}  // namespace sumac::datasets
