// How a DynamoDB dataset reaches its table: region, endpoint, credentials.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "aws/credentials/credentials_sources.h"
#include "aws/endpoint.h"
#include "base/result.h"
#include "datasets/dynamodb_parameters.h"

namespace sumac::datasets {

// All but the endpoint, which may depend on the account of the credentials.
struct DynamoDbRoute {
  std::string region;
  // What gave the region, for messages: "dynamodb_aws_region".
  std::string region_source;
  // Somebody's choice of a server; empty for the region's own.
  std::string configured_endpoint_url;
  std::string endpoint_source;
  aws::Settings settings;
  std::shared_ptr<aws::CredentialsCache> credentials;
};

// `table` is what stands after "dynamodb:", a name or an ARN, which may name the region; it may be
// empty. Blocks when the region has to be asked of the instance. Errors kInvalidArgument: no
// region, one that is none, an ARN of another region or of something else, AWS files that are
// broken.
Result<DynamoDbRoute> FindDynamoDbRoute(const DynamoDbParameters& parameters,
                                        const std::string& table, aws::CredentialsSources& sources,
                                        const std::atomic<bool>* cancelled);

// Where to send requests, and for which region to sign them, with these credentials. Errors: those
// of aws::ResolveEndpoint.
Result<aws::Endpoint> EndpointFor(const DynamoDbRoute& route, const std::string& table,
                                  const aws::Credentials& credentials);

}  // namespace sumac::datasets
