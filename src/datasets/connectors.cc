#include "datasets/connector.h"
#include "datasets/duckdb_connector.h"
#include "datasets/dynamodb_connector.h"
#include "datasets/file_connector.h"
#include "net/curl_transport.h"

namespace sumac::datasets {
namespace {

// Beside what each scan may take of it: 128 MiB.
constexpr uint64_t kPageBytesMax = 512ULL << 20;

}  // namespace

Result<ConnectorContext> MakeConnectorContext(Environment environment) {
  net::CurlTransportOptions options;
  options.certificate_bundle_path = Variable(environment, "AWS_CA_BUNDLE");
  options.proxies = net::ProxySettingsFrom(environment);
  ConnectorContext context;
  SUMAC_ASSIGN_OR_RETURN(context.transport, net::CurlTransport::Create(std::move(options)));
  context.clock = std::make_shared<SystemClock>();
  context.credentials = std::make_shared<aws::CredentialsSources>(
      aws::MakeProviderContext(context.transport, context.clock, environment));
  context.read_capacities =
      std::make_shared<dynamodb::ReadCapacities>(context.transport, context.clock);
  context.page_bytes = std::make_shared<dynamodb::ByteBudget>(kPageBytesMax);
  context.environment = std::move(environment);
  return context;
}

std::vector<std::unique_ptr<Connector>> MakeConnectors(ConnectorContext context) {
  std::vector<std::unique_ptr<Connector>> connectors;
  connectors.push_back(MakeDynamoDbConnector(context));
  connectors.push_back(MakeFileConnector(context));
  connectors.push_back(MakeDuckDbConnector(context));
  return connectors;
}

}  // namespace sumac::datasets
