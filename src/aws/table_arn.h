// Amazon Resource Names. A table may be named by its ARN, which is how a table of another account
// is reached. Pure. Source: IAM user guide, "Amazon Resource Names"; DynamoDB developer guide, "How
// DynamoDB works with IAM".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sumac::aws {

// arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE. The parts view the text that was parsed.
struct Arn {
  std::string_view partition;
  std::string_view service;
  std::string_view region;      // empty for what is global
  std::string_view account_id;  // empty for what belongs to no account
  std::string_view resource;    // may hold colons
};

// Nothing when `text` has not that form, or lacks partition, service or resource.
std::optional<Arn> ParseArn(std::string_view text);

struct TableArn {
  std::string partition;
  std::string region;
  std::string account_id;
  std::string table_name;
};

// Nothing for a plain table name, which is anything that does not begin with "arn:"; whether that
// is a legal one is for the service to say. Error kInvalidArgument for text that begins so and is
// not arn:PARTITION:dynamodb:REGION:ACCOUNT:table/NAME (that of an index, say).
Result<std::optional<TableArn>> ParseTableArn(std::string_view table);

}  // namespace sumac::aws
