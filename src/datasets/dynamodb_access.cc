#include "datasets/dynamodb_access.h"

#include "aws/region.h"
#include "aws/table_arn.h"
#include "base/log.h"

namespace sumac::datasets {
namespace {

constexpr char kFromSettings[] = "environment or profile";
constexpr char kPlacementPath[] = "/latest/meta-data/placement/region";

struct FoundRegion {
  std::string name;
  std::string source;
};

// Files that are broken stop who takes credentials from them, with their reason; who takes region
// and credentials from elsewhere only hears of it.
Result<aws::Settings> LoadSettings(const DynamoDbParameters& parameters,
                                   const Environment& environment) {
  auto settings = aws::Settings::Load(environment, parameters.profile_name);
  if (settings || !parameters.profile_name.empty()) return settings;
  auto without_files = aws::Settings::FromEnvironment(environment);
  if (without_files) LogWarningOnce(settings.error().message);
  return without_files;
}

// Asks the instance, as the last resort.
Result<FoundRegion> RegionOfInstance(aws::CredentialsSources& sources,
                                     const std::atomic<bool>* cancelled) {
  const auto placement = sources.context().instance_metadata->Get(kPlacementPath, cancelled);
  if (placement && *placement) {
    const std::string& text = (*placement)->Reveal();
    return FoundRegion{text.substr(0, text.find_first_of(" \r\n")), "EC2 instance metadata"};
  }
  if (!placement && placement.error().code == ErrorCode::kCancelled) {
    return Fail(placement.error());
  }
  return Fail(ErrorCode::kInvalidArgument,
              "no AWS region is set; set the parameter dynamodb_aws_region, AWS_REGION or "
              "AWS_DEFAULT_REGION in the environment, or region in the AWS profile (EC2 instance "
              "metadata: " +
                  (placement ? "no region" : placement.error().message) + ")");
}

Result<FoundRegion> FindRegion(const DynamoDbParameters& parameters,
                               const std::optional<aws::TableArn>& arn,
                               const aws::Settings& settings, aws::CredentialsSources& sources,
                               const std::atomic<bool>* cancelled) {
  FoundRegion found{parameters.region, "dynamodb_aws_region"};
  if (arn && !found.name.empty() && found.name != arn->region) {
    return Fail(ErrorCode::kInvalidArgument, "the table's ARN is of region " + arn->region +
                                                 " and dynamodb_aws_region is " + found.name);
  }
  if (found.name.empty() && arn) found = {arn->region, "the table's ARN"};
  if (found.name.empty()) found = {settings.region(), settings.region_source()};
  if (found.name.empty()) {
    SUMAC_ASSIGN_OR_RETURN(found, RegionOfInstance(sources, cancelled));
  }
  SUMAC_ASSIGN_OR_RETURN(found.name, aws::CheckRegion(std::move(found.name), found.source));
  return found;
}

}  // namespace

Result<DynamoDbRoute> FindDynamoDbRoute(const DynamoDbParameters& parameters,
                                        const std::string& table, aws::CredentialsSources& sources,
                                        const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto arn, aws::ParseTableArn(table));
  SUMAC_ASSIGN_OR_RETURN(auto settings, LoadSettings(parameters, sources.context().environment));
  SUMAC_ASSIGN_OR_RETURN(auto region, FindRegion(parameters, arn, settings, sources, cancelled));
  aws::CredentialsSource source = parameters.credentials;
  source.region = region.name;
  auto credentials = sources.Find(source);
  std::string endpoint_url = parameters.endpoint_url;
  std::string endpoint_source = "endpoint_url";
  if (endpoint_url.empty()) {
    endpoint_url = settings.EndpointUrl(aws::Service::kDynamoDb);
    endpoint_source = kFromSettings;
  }
  if (endpoint_url.empty()) endpoint_source = "region";
  return DynamoDbRoute{std::move(region.name),  std::move(region.source),
                       std::move(endpoint_url), std::move(endpoint_source),
                       std::move(settings),     std::move(credentials)};
}

Result<aws::Endpoint> EndpointFor(const DynamoDbRoute& route, const std::string& table,
                                  const aws::Credentials& credentials) {
  aws::EndpointRequest request;
  request.region = route.region;
  request.endpoint_url = route.configured_endpoint_url;
  request.use_fips = route.settings.use_fips();
  request.use_dualstack = route.settings.use_dualstack();
  request.account_id_endpoint_mode = route.settings.account_id_endpoint_mode();
  if (!credentials.account_id.empty()) request.account_id = credentials.account_id;
  if (table.starts_with("arn:")) request.resource_arns.push_back(table);
  auto endpoint = aws::ResolveEndpoint(request);
  if (!endpoint && route.endpoint_source == kFromSettings) {
    return Fail(std::move(endpoint).error().WithContext(
        "the endpoint of AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL or the AWS profile"));
  }
  return endpoint;
}

}  // namespace sumac::datasets
