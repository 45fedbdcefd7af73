// Pages of items by chance, with what is hard in them: every type, nesting, names and numbers that
// somebody once thought could not be, escapes of every kind.
#pragma once

#include <cstdint>
#include <string>

namespace sumac::slow_decoder {

// The body of a Scan response, well-formed JSON. The same seed gives the same page. About one in
// ten holds something that makes it no page of items.
std::string RandomPage(uint64_t seed);
// The same with more items than DuckDB takes at once.
std::string LargeRandomPage(uint64_t seed);

}  // namespace sumac::slow_decoder
