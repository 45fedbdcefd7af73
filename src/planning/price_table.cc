#include "planning/price_table.h"

namespace sumac::planning {
namespace {

struct RegionPrice {
  const char* region;
  // Dollars for a million read request units; 0 where no source was found.
  double standard;
  double infrequent_access;
};

// AWS price list, offer AmazonDynamoDB, usage types ReadRequestUnits and IA-ReadRequestUnits, as
// documents of June to September 2026 quote it. A region goes in with a source only.
constexpr RegionPrice kRegionPrices[] = {
    {"ap-northeast-1", 0.1425, 0},    {"ap-northeast-2", 0.1355, 0}, {"ap-south-1", 0.1425, 0},
    {"eu-central-1", 0.1525, 0.1905}, {"eu-west-1", 0.1415, 0.177},  {"us-east-1", 0.125, 0.155},
    {"us-east-2", 0.125, 0.155},      {"us-west-1", 0.1395, 0},      {"us-west-2", 0.125, 0},
};

constexpr double kMillion = 1e6;

}  // namespace

ReadPrice ReadPriceOf(const dynamodb::TableDescription& table, const std::string& region,
                      std::optional<double> given_per_million) {
  ReadPrice price;
  if (given_per_million) {
    price.kind = ReadPrice::Kind::kPerUnit;
    price.dollars_per_million = *given_per_million;
    price.is_given = true;
    return price;
  }
  if (!table.on_demand) {
    // A provisioned table has a unit at least; without any it did not say.
    if (table.throughput.provisioned_read_units > 0) price.kind = ReadPrice::Kind::kIncluded;
    return price;
  }
  for (const auto& of_region : kRegionPrices) {
    if (region != of_region.region) continue;
    const bool standard = table.table_class == dynamodb::TableClass::kStandard;
    const double dollars = standard ? of_region.standard : of_region.infrequent_access;
    if (dollars == 0) break;
    price.kind = ReadPrice::Kind::kPerUnit;
    price.dollars_per_million = dollars;
  }
  return price;
}

std::optional<double> DollarsFor(const ReadPrice& price, double read_units) {
  switch (price.kind) {
    case ReadPrice::Kind::kPerUnit:
      return read_units / kMillion * price.dollars_per_million;
    case ReadPrice::Kind::kIncluded:
      return 0;
    case ReadPrice::Kind::kUnknown:
      break;
  }
  return std::nullopt;
}

}  // namespace sumac::planning
