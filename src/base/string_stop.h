// Finds where the plain part of a JSON string ends: the inner loop of reading pages.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sumac {

// A byte that a JSON string may not hold as it is: the quote that ends it, a backslash, a control
// character (RFC 8259, section 7).
inline bool IsStringStop(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

// The same byte by byte, 8 at a time: for machines without SSE2, and the twin that tests hold the
// other against.
inline const char* FindStringStopPortably(const char* at, const char* end) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  for (; at < end; at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const auto zeros = [](uint64_t w) { return (w - kOnes) & ~w & kHighs; };
    const uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
    if ((zeros(word ^ (kOnes * '"')) | zeros(word ^ (kOnes * '\\')) | control) == 0) continue;
    // A borrow may have marked a byte behind the first one, so the bytes themselves decide.
    for (size_t i = 0; i < sizeof word && at + i < end; ++i) {
      if (IsStringStop(at[i])) return at + i;
    }
  }
  return end;
}

// The first such byte from `at` on, or `end`. 15 bytes behind `end` must be readable.
inline const char* FindStringStop(const char* at, const char* end) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i control = _mm_set1_epi8(0x1f);
  for (; at < end; at += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i stops =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                     _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stops));
    if (mask == 0) continue;
    at += std::countr_zero(mask);
    return at < end ? at : end;
  }
  return end;
#else
  return FindStringStopPortably(at, end);
#endif
}

}  // namespace sumac
