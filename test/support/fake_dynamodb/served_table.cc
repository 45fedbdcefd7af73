#include "fake_dynamodb/served_table.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/json_text.h"

namespace sumac::fake_dynamodb {
namespace {

std::string RenderThroughput(const TableThroughput& throughput) {
  std::string text =
      fmt::format(R"("ProvisionedThroughput":{{"NumberOfDecreasesToday":0,"ReadCapacityUnits":{},)"
                  R"("WriteCapacityUnits":0}})",
                  throughput.read_units);
  if (throughput.warm_read_units) {
    text += fmt::format(R"(,"WarmThroughput":{{"ReadUnitsPerSecond":{},"WriteUnitsPerSecond":4000,)"
                        R"("Status":"ACTIVE"}})",
                        *throughput.warm_read_units);
  }
  if (throughput.on_demand_read_units_max) {
    text += fmt::format(
        R"(,"OnDemandThroughput":{{"MaxReadRequestUnits":{},"MaxWriteRequestUnits":-1}})",
        *throughput.on_demand_read_units_max);
  }
  return text + fmt::format(R"(,"BillingModeSummary":{{"BillingMode":"{}"}})",
                            throughput.provisioned ? "PROVISIONED" : "PAY_PER_REQUEST");
}

ServiceError NoKeyReads() {
  return ValidationError("The fake DynamoDB reads a replayed table by Scan only");
}

}  // namespace

std::string QuoteJson(std::string_view text) {
  std::string quoted;
  AppendJsonString(text, quoted);
  return quoted;
}

double ReadUnits(uint64_t bytes_read, bool consistent_read) {
  const uint64_t blocks = std::max<uint64_t>(1, (bytes_read + kReadUnitBytes - 1) / kReadUnitBytes);
  return static_cast<double>(blocks) * (consistent_read ? 1.0 : 0.5);
}

std::string ConsumedCapacity(const ReadParameters& parameters, uint64_t bytes_read) {
  return ConsumedUnits(parameters, ReadUnits(bytes_read, parameters.consistent_read));
}

std::string ConsumedUnits(const ReadParameters& parameters, double read_units) {
  if (parameters.capacity == CapacityDetail::kNone) return {};
  const auto of_table = parameters.capacity == CapacityDetail::kIndexes
                            ? fmt::format(R"(,"Table":{{"CapacityUnits":{:.1f}}})", read_units)
                            : "";
  return fmt::format(R"({{"CapacityUnits":{:.1f}{},"TableName":{}}})", read_units, of_table,
                     QuoteJson(parameters.table_name));
}

std::string ConsumedByIndex(const PageParameters& parameters, const IndexDefinition& index,
                            double index_units, double table_units) {
  if (parameters.capacity == CapacityDetail::kNone) return {};
  std::string parts;
  if (parameters.capacity == CapacityDetail::kIndexes) {
    parts =
        fmt::format(R"(,"{}":{{{}:{{"CapacityUnits":{:.1f}}}}},"Table":{{"CapacityUnits":{:.1f}}})",
                    index.is_local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes",
                    QuoteJson(index.name), index_units, table_units);
  }
  return fmt::format(R"({{"CapacityUnits":{:.1f}{},"TableName":{}}})", index_units + table_units,
                     parts, QuoteJson(parameters.table_name));
}

Answer<QueriedPage> ServedTable::Query(const QueryParameters& /*parameters*/) const {
  return Refuse(NoKeyReads());
}

Answer<PageParts> ServedTable::EmptyPage(const QueryParameters& /*parameters*/) {
  return Refuse(NoKeyReads());
}

Answer<FoundItem> ServedTable::Find(std::string_view /*key*/) const {
  return Refuse(NoKeyReads());
}

ServiceError InvalidStartKey(std::string_view why) {
  return ValidationError(fmt::format("The provided starting key is invalid: {}", why));
}

ServiceError StartKeyOfOtherSegment(const ScanParameters& parameters) {
  return InvalidStartKey(
      fmt::format("Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
                  "TotalSegments: {} Segment: {}",
                  parameters.total_segments, parameters.segment));
}

std::string TableArn(const TableDefinition& definition) {
  return fmt::format("arn:aws:dynamodb:us-west-2:123456789012:table/{}", definition.name);
}

std::string RenderDescription(const TableDefinition& definition, uint64_t size_bytes,
                              uint64_t item_count, const std::string& indexes) {
  std::string definitions;
  std::set<std::string> defined;
  const auto define = [&](const std::vector<KeyAttribute>& keys) {
    for (const auto& key : keys) {
      if (!defined.insert(key.name).second) continue;
      definitions += fmt::format(R"({}{{"AttributeName":{},"AttributeType":"{}"}})",
                                 definitions.empty() ? "" : ",", QuoteJson(key.name), key.type);
    }
  };
  define(definition.keys);
  for (const auto& index : definition.indexes) {
    define(index.partition_keys);
    define(index.sort_keys);
  }
  const std::vector<KeyAttribute> partition_keys(definition.keys.begin(),
                                                 definition.keys.begin() + 1);
  const std::vector<KeyAttribute> sort_keys(definition.keys.begin() + 1, definition.keys.end());
  const std::string id = definition.table_id.empty()
                             ? ""
                             : fmt::format(R"("TableId":{},)", QuoteJson(definition.table_id));
  return fmt::format(R"({{"Table":{{"AttributeDefinitions":[{}],"TableName":{},{},{})"
                     R"("TableStatus":"{}","CreationDateTime":1.7E9,)"
                     R"("TableSizeBytes":{},"ItemCount":{},"TableArn":{},{}{}}}}})",
                     definitions, QuoteJson(definition.name),
                     RenderKeySchema(partition_keys, sort_keys), id, definition.status, size_bytes,
                     item_count, QuoteJson(TableArn(definition)),
                     RenderThroughput(definition.throughput), indexes);
}

}  // namespace sumac::fake_dynamodb
