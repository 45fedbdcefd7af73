// How many bytes the rows of a chunk take in Arrow's format.
#pragma once

#include <cstdint>
#include <vector>

#include <duckdb.hpp>

namespace sumac::engine {

// Adds to each of the first `sizes.size()` rows of `vector` about as many bytes as its value takes.
// `vector` is flattened in place, its nested vectors too. Throws duckdb::OutOfRangeException for an
// INTERVAL whose nanoseconds do not fit 64 bits, which Arrow cannot hold.
void AddRowSizes(duckdb::Vector& vector, std::vector<uint64_t>& sizes);

}  // namespace sumac::engine
