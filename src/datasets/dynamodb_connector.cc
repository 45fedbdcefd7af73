#include "datasets/dynamodb_connector.h"

#include <algorithm>

#include <fmt/format.h>

#include "aws/credentials_chain.h"
#include "aws/endpoint.h"
#include "aws/environment_credentials_provider.h"
#include "aws/region.h"
#include "aws/static_credentials_provider.h"
#include "datasets/dynamodb_parameters.h"
#include "datasets/schema_sampler.h"
#include "dynamodb/client.h"
#include "engine/remote_table.h"

namespace sumac::datasets {
namespace {

constexpr uint64_t kSegmentBytes = 16ULL << 20;
constexpr int kSegmentsAutoMax = 64;
constexpr int kSegmentsUnknownSize = 4;

int ChooseSegments(const DynamoDbParameters& parameters, const dynamodb::TableDescription& table,
                   const SchemaSample& sample) {
  if (parameters.scan_segments) return *parameters.scan_segments;
  if (sample.whole_table) return 1;
  // 0 is what emulators and new tables say: unknown, not small.
  if (table.size_bytes == 0) return kSegmentsUnknownSize;
  const auto segments =
      static_cast<int>(std::min<uint64_t>(table.size_bytes / kSegmentBytes + 1, kSegmentsAutoMax));
  return std::max(segments, 2);
}

class DynamoDbConnector final : public Connector {
 public:
  explicit DynamoDbConnector(ConnectorContext context) : context_(std::move(context)) {}

  std::string Prefix() const override { return "dynamodb"; }

  const std::vector<spicepod::ParameterSpecification>& ParameterSpecifications() const override {
    return DynamoDbParameterSpecifications();
  }

  Result<ConnectedTable> Connect(const ConnectRequest& request) override {
    if (request.path.empty()) {
      return Fail(ErrorCode::kInvalidArgument,
                  "'from' names no table; write it as dynamodb:<table>");
    }
    SUMAC_ASSIGN_OR_RETURN(const auto parameters, ParseDynamoDbParameters(request.parameters));
    SUMAC_ASSIGN_OR_RETURN(auto client, MakeClient(parameters));
    SUMAC_ASSIGN_OR_RETURN(const auto description,
                           client->DescribeTable(request.path, request.cancelled));
    SUMAC_RETURN_IF_ERROR(CheckUsable(description));
    SUMAC_ASSIGN_OR_RETURN(auto sample,
                           SampleSchema(*client, description, parameters.schema_infer_max_records,
                                        parameters.consistent_read, request.cancelled));

    engine::RemoteTable table;
    table.dataset_name = request.dataset_name;
    table.table_name = description.name;
    table.client = std::move(client);
    table.scan.total_segments = ChooseSegments(parameters, description, sample);
    table.scan.concurrency = std::min(parameters.scan_concurrency, table.scan.total_segments);
    table.scan.pages_buffered_max = std::max(2, table.scan.concurrency);
    table.consistent_read = parameters.consistent_read;
    table.item_count_estimate =
        sample.whole_table ? std::max<uint64_t>(sample.items, 1) : description.item_count;
    const size_t columns = sample.schema.columns.size();
    table.schema = std::make_shared<const items::ItemSchema>(std::move(sample.schema));
    return ConnectedTable{engine::MakeRemoteTableSource(std::move(table)),
                          fmt::format("{} columns from {}{} items ({} requests, {} RCU)", columns,
                                      sample.whole_table ? "all " : "", sample.items,
                                      sample.requests + 1, sample.consumed_read_units)};
  }

 private:
  Result<std::shared_ptr<dynamodb::Client>> MakeClient(const DynamoDbParameters& parameters) {
    SUMAC_ASSIGN_OR_RETURN(const auto region,
                           aws::ResolveRegion(parameters.region, context_.environment));
    SUMAC_ASSIGN_OR_RETURN(const auto endpoint,
                           aws::ResolveEndpoint(region, parameters.endpoint_url));
    dynamodb::ClientOptions options;
    options.endpoint_url = endpoint;
    options.region = region;
    return std::make_shared<dynamodb::Client>(context_.transport, MakeCredentials(parameters),
                                              context_.clock, options);
  }

  std::shared_ptr<aws::CredentialsProvider> MakeCredentials(
      const DynamoDbParameters& parameters) const {
    if (!parameters.access_key_id.empty()) {
      return std::make_shared<aws::StaticCredentialsProvider>(aws::Credentials{
          parameters.access_key_id, parameters.secret_access_key, parameters.session_token, {}});
    }
    return std::make_shared<aws::CredentialsChain>(
        std::vector<std::shared_ptr<aws::CredentialsProvider>>{
            std::make_shared<aws::EnvironmentCredentialsProvider>(context_.environment)});
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
