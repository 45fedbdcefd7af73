// How the service counts read units. Pure.
// Source: developer guide, "DynamoDB read and write operations: read capacity unit consumption".
#pragma once

#include <algorithm>
#include <cmath>

namespace sumac::planning {

// What is read is rounded up to this: of Scan and Query the sum of a page's items, of GetItem and
// BatchGetItem each item.
inline constexpr double kRoundingBytes = 4'096;
// A page of Scan or Query ends here.
inline constexpr double kPageBytes = 1'048'576;

// An eventually consistent read costs half.
inline constexpr double BytesPerReadUnit(bool consistent_read) {
  return consistent_read ? 4'096 : 8'192;
}

// A request that finds nothing costs this as well; so does a key that is not there.
inline constexpr double LeastReadUnits(bool consistent_read) {
  return consistent_read ? 1 : 0.5;
}

// Of one item by its key.
inline double ReadUnitsOfItem(double bytes, bool consistent_read) {
  return std::max(1.0, std::ceil(bytes / kRoundingBytes)) * LeastReadUnits(consistent_read);
}

}  // namespace sumac::planning
