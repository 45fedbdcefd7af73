// The parameters of `from: dynamodb:...` as typed values. docs/parameters.md lists them; a test
// holds the two together.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/credentials/credentials_sources.h"
#include "base/result.h"
#include "base/secret_string.h"
#include "dynamodb/compression_policy.h"
#include "items/schema_options.h"
#include "planning/query_budget.h"
#include "spicepod/parameters.h"

namespace sumac::datasets {

// What a dataset's scans may take of the table: a share of its throughput, or read units a second.
struct ReadCapacityBound {
  double amount = 0;
  bool is_percent = false;
};

struct DynamoDbParameters {
  std::string region;        // empty: taken from the environment, the profile, the instance
  std::string endpoint_url;  // empty: as the environment or the profile say, else the region's own
  // Who reads the table; `region` in it is left empty.
  aws::CredentialsSource credentials;
  // The profile of the AWS files for region and endpoints too; empty takes AWS_PROFILE.
  std::string profile_name;
  // One line each: what was given and has no effect.
  std::vector<std::string> warnings;
  // Items read to learn the schema; absent means all of the table.
  std::optional<uint64_t> schema_infer_max_records = 1'000;
  // `columns` in it is left empty.
  items::SchemaOptions schema;
  // Absent: chosen from the table's size.
  std::optional<int> scan_segments;
  // Streams at most; absent: as many as help.
  std::optional<int> scan_concurrency;
  // Absent: as much as the table gives.
  std::optional<ReadCapacityBound> read_capacity;
  bool consistent_read = false;
  // Whether filters and keys go to DynamoDB.
  bool pushdown = true;
  // What a query may cost.
  planning::QueryBudget query_budget;
  // Dollars; absent: by the table's region, class and billing.
  std::optional<double> read_price_per_million;
  dynamodb::Compression compression = dynamodb::Compression::kAuto;
  // Absent: the schema is refreshed on demand only.
  std::optional<std::chrono::milliseconds> schema_refresh_interval;
};

const std::vector<spicepod::ParameterSpecification>& DynamoDbParameterSpecifications();

// Errors: kInvalidArgument, naming the parameter, its value and what it takes. Secrets are not
// named.
Result<DynamoDbParameters> ParseDynamoDbParameters(
    const std::map<std::string, SecretString>& parameters);

}  // namespace sumac::datasets
