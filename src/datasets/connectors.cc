#include "datasets/connector.h"
#include "datasets/dynamodb_connector.h"
#include "net/curl_transport.h"

namespace sumac::datasets {

Result<ConnectorContext> MakeConnectorContext(Environment environment) {
  net::CurlTransportOptions options;
  options.certificate_bundle_path = Variable(environment, "AWS_CA_BUNDLE");
  options.proxies = net::ProxySettingsFrom(environment);
  ConnectorContext context;
  SUMAC_ASSIGN_OR_RETURN(context.transport, net::CurlTransport::Create(std::move(options)));
  context.clock = std::make_shared<SystemClock>();
  context.credentials = std::make_shared<aws::CredentialsSources>(
      aws::MakeProviderContext(context.transport, context.clock, environment));
  context.environment = std::move(environment);
  return context;
}

std::vector<std::unique_ptr<Connector>> MakeConnectors(ConnectorContext context) {
  std::vector<std::unique_ptr<Connector>> connectors;
  connectors.push_back(MakeDynamoDbConnector(std::move(context)));
  return connectors;
}

}  // namespace sumac::datasets
