#include "aws/table_arn.h"

#include <algorithm>
#include <array>

#include "aws/partition.h"
#include "base/printable_text.h"

namespace sumac::aws {
namespace {

bool IsAccountId(std::string_view text) {
  constexpr size_t kDigits = 12;
  return text.size() == kDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsTableName(std::string_view text) {
  constexpr size_t kLengthMax = 255;
  return !text.empty() && text.size() <= kLengthMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.';
         });
}

}  // namespace

std::optional<Arn> ParseArn(std::string_view text) {
  constexpr size_t kPartsBeforeResource = 5;
  std::array<std::string_view, kPartsBeforeResource> parts;
  for (auto& part : parts) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const Arn arn{parts[1], parts[2], parts[3], parts[4], text};
  if (parts[0] != "arn" || arn.partition.empty() || arn.service.empty() || arn.resource.empty()) {
    return std::nullopt;
  }
  return arn;
}

Result<std::optional<TableArn>> ParseTableArn(std::string_view table) {
  if (!table.starts_with("arn:")) return std::nullopt;
  constexpr std::string_view kTable = "table/";
  const auto arn = ParseArn(table);
  if (arn && arn->service == "dynamodb" && arn->resource.starts_with(kTable) &&
      IsHostLabel(arn->partition) && IsHostLabel(arn->region) && IsAccountId(arn->account_id) &&
      IsTableName(arn->resource.substr(kTable.size()))) {
    return TableArn{std::string(arn->partition), std::string(arn->region),
                    std::string(arn->account_id), std::string(arn->resource.substr(kTable.size()))};
  }
  constexpr size_t kShownBytesMax = 200;
  return Fail(ErrorCode::kInvalidArgument,
              "'" + PrintableText(table, kShownBytesMax) +
                  "' is not the ARN of a DynamoDB table; one looks like "
                  "arn:aws:dynamodb:us-west-2:111122223333:table/users");
}

}  // namespace sumac::aws
