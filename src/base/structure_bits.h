// Where the structure of JSON text is, as bits of a word: for passing over what nobody reads. The
// approach of simdjson (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019).
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sumac {

// Of 64 bytes: bit i is about byte i.
struct StructureBits {
  static constexpr size_t kBytes = 64;

  uint64_t quotes = 0;
  uint64_t backslashes = 0;
  uint64_t opening = 0;
  uint64_t closing = 0;
};

// What opens and closes an object or an array.
struct Bracket {
  char opening;
  char closing;
};

inline StructureBits FindStructureBitsPortably(const char* text, Bracket bracket) {
  StructureBits bits;
  for (size_t i = 0; i < StructureBits::kBytes; ++i) {
    const char c = text[i];
    const uint64_t bit = uint64_t{1} << i;
    if (c == '"') bits.quotes |= bit;
    if (c == '\\') bits.backslashes |= bit;
    if (c == bracket.opening) bits.opening |= bit;
    if (c == bracket.closing) bits.closing |= bit;
  }
  return bits;
}

inline StructureBits FindStructureBits(const char* text, Bracket bracket) {
#if defined(__SSE2__)
  StructureBits bits;
  for (size_t i = 0; i < StructureBits::kBytes; i += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
    const auto where = [i, bytes](char c) {
      const auto mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
      return static_cast<uint64_t>(static_cast<unsigned>(mask)) << i;
    };
    bits.quotes |= where('"');
    bits.backslashes |= where('\\');
    bits.opening |= where(bracket.opening);
    bits.closing |= where(bracket.closing);
  }
  return bits;
#else
  return FindStructureBitsPortably(text, bracket);
#endif
}

// Bit i is the parity of the bits up to and with i: between two quotes it is set.
inline uint64_t ParityUpTo(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace sumac
