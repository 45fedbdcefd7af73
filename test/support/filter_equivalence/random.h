// Choices by chance, the same on every machine for the same seed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

namespace sumac::filter_equivalence {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  // The distributions of the standard library differ from one library to the next.
  uint64_t Below(uint64_t bound) { return engine_() % bound; }
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low + 1)));
  }
  bool OneIn(uint64_t count) { return Below(count) == 0; }

  template <typename T>
  const T& Pick(const std::vector<T>& list) {
    return list[Below(list.size())];
  }
  std::string Pick(std::initializer_list<const char*> list) {
    return *(list.begin() + Below(list.size()));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sumac::filter_equivalence
