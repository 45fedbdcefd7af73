// Amounts and times of scans as a person reads them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "dynamodb/page_source.h"

namespace sumac::engine {

// "12,345".
std::string ThousandsText(uint64_t number);

// At most three digits and a unit: "12,345" -> "12.3k"; k, M, G, T are powers of 1,000.
std::string ShortText(double number);

// "345 MB": as ShortText, of bytes.
std::string BytesText(double bytes);

// "512 B", "3.25 kiB", "128.00 MiB": as the log has them, which those who read Spice's look for.
std::string LoggedBytesText(uint64_t bytes);

// "40ms", "12s", "1m 20s", "2h 5m", "3d 4h"; rounded down.
std::string DurationText(std::chrono::milliseconds duration);

// "0s", "48s", "3m 12s", "2h 5m", "3d 4h": of what is some time old, or never younger than now.
std::string AgeText(std::chrono::milliseconds age);

// "0.5", "16,384": of read units, exact to the half below a hundred.
std::string UnitsText(double read_units);

// "$12.30", "$0.016": two digits at least, whatever small. "$0" is nothing at all.
std::string DollarsText(double dollars);

// "12,345 items, 345 MB, 6,172 RCU", then throttles and the wait for capacity if there were any.
std::string CostText(const dynamodb::ScanStatistics& statistics);

}  // namespace sumac::engine
