// Decimal digits, read eight at a time in one machine word. Internal to items/.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sumac::items {

// How many of the first 8 bytes of a text are digits, up to the first that is none, and what they
// say.
class DigitBlock {
 public:
  static constexpr size_t kBytes = 8;

  // REQUIRES: kBytes readable bytes at `text`.
  explicit DigitBlock(const char* text) {
    static_assert(std::endian::native == std::endian::little);
    uint64_t bytes = 0;
    std::memcpy(&bytes, text, sizeof bytes);
    // What '0' has in all its bits is taken off, so that digits are below 10.
    Set(bytes ^ 0x3030303030303030U);
  }

  // The block that the same bytes without byte `i` begin: of one byte less.
  DigitBlock WithoutByte(size_t i) const {
    const uint64_t before = bytes_ & ((uint64_t{1} << (8 * i)) - 1);
    const uint64_t behind = (bytes_ >> 8 & ~uint64_t{0} << (8 * i)) | uint64_t{0xff} << 56;
    DigitBlock block;
    block.Set(before | behind);
    return block;
  }

  size_t digits() const { return digits_; }

  // What the digits say; 0 when there are none.
  uint64_t Value() const {
    if (digits_ == 0) return 0;
    // Zeros in front. Then pairs, fours and all eight are added up, side by side.
    uint64_t sums = bytes_ << (8 * (kBytes - digits_));
    sums = sums * 10 + (sums >> 8);
    constexpr uint64_t kMask = 0x000000FF000000FFU;
    constexpr uint64_t kFirst = 100 + (uint64_t{1'000'000} << 32);
    constexpr uint64_t kSecond = 1 + (uint64_t{10'000} << 32);
    return ((sums & kMask) * kFirst + ((sums >> 16) & kMask) * kSecond) >> 32;
  }

 private:
  DigitBlock() = default;
  void Set(uint64_t bytes) {
    bytes_ = bytes;
    const uint64_t others =
        (((bytes & 0x7F7F7F7F7F7F7F7FU) + 0x7676767676767676U) | bytes) & 0x8080808080808080U;
    digits_ = static_cast<size_t>(std::countr_zero(others)) / 8;
  }

  uint64_t bytes_ = 0;
  size_t digits_ = 0;
};

// 10^0 to 10^19, all that fit 64 bits.
inline constexpr uint64_t kPowersOfTen64[] = {
    1U,
    10U,
    100U,
    1'000U,
    10'000U,
    100'000U,
    1'000'000U,
    10'000'000U,
    100'000'000U,
    1'000'000'000U,
    10'000'000'000U,
    100'000'000'000U,
    1'000'000'000'000U,
    10'000'000'000'000U,
    100'000'000'000'000U,
    1'000'000'000'000'000U,
    10'000'000'000'000'000U,
    100'000'000'000'000'000U,
    1'000'000'000'000'000'000U,
    10'000'000'000'000'000'000U,
};

// Appends the digits that begin at `at` to those of `sum`, and returns where they end. Stops
// behind the first block that reaches `limit`; at least one is read. More than 19 digits wrap.
inline const char* AppendDigits(const char* at, const char* limit, uint64_t& sum) {
  while (true) {
    const DigitBlock block(at);
    sum = sum * kPowersOfTen64[block.digits()] + block.Value();
    at += block.digits();
    if (block.digits() < DigitBlock::kBytes || at >= limit) return at;
  }
}

}  // namespace sumac::items
