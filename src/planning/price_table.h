// What read units cost in dollars: by region, by the table's class and by how it is billed. Pure.
#pragma once

#include <optional>
#include <string>

#include "dynamodb/table_description.h"

namespace sumac::planning {

// When the prices that are built in were AWS's.
inline constexpr char kPricesAsOf[] = "2026-09";

struct ReadPrice {
  enum class Kind {
    kPerUnit,   // each read unit is paid for
    kIncluded,  // the capacity is provisioned and paid for by the hour, whatever is read of it
    kUnknown,
  };

  Kind kind = Kind::kUnknown;
  double dollars_per_million = 0;  // of kPerUnit
  // Somebody gave it: it is not of the table here.
  bool is_given = false;

  friend bool operator==(const ReadPrice&, const ReadPrice&) = default;
};

// `given_per_million`, when there is one, holds whatever the table is: for other regions, for
// discounts, and for a price of provisioned capacity by what is used of it. `region` as AWS names
// it: "us-west-2". Unknown when the region has no price here, or the table does not say how it is
// billed. Prices are for on-demand tables before taxes, discounts and free tiers.
ReadPrice ReadPriceOf(const dynamodb::TableDescription& table, const std::string& region,
                      std::optional<double> given_per_million);

// 0 where reads cost nothing extra; nothing when the price is unknown.
std::optional<double> DollarsFor(const ReadPrice& price, double read_units);

}  // namespace sumac::planning
