// A hash that is the same in every process and on every machine, so that samples chosen by it are
// too. Not for hash tables that strangers fill. Internal to items/.
#pragma once

#include <cstdint>
#include <string_view>

namespace sumac::items {

// FNV-1a of 64 bits, then the finalizer of MurmurHash3, because the high bits of FNV-1a hardly
// change for short texts. `seed` chains several texts.
inline uint64_t StableHash(std::string_view text, uint64_t seed = 0xcbf29ce484222325ULL) {
  uint64_t hash = seed;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdULL;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return hash ^ (hash >> 33);
}

}  // namespace sumac::items
