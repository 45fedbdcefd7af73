// Tables that the benches read: items of known shapes, made from a seed, and pages of them as the
// service answers a Scan. The same seed gives the same bytes on every machine.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fake_dynamodb/stored_item.h"

namespace sumac::bench {

// Fills patterns with random values. The same numbers everywhere, which the standard's
// distributions do not promise. Not thread-safe.
class ItemRandom {
 public:
  explicit ItemRandom(uint64_t seed) : engine_(seed) {}

  // From 0 to `bound` - 1.
  uint64_t Below(uint64_t bound) { return engine_() % bound; }

  // Returns `pattern` with its marks replaced: %i by `number`, %w by a word, %d by a digit, %n by a
  // digit that is not 0, %b by true or false, %t by a time, %m by a piece of text with escapes or
  // beyond ASCII; <one|two|...> by one of the patterns in it, which hold no < themselves.
  std::string Fill(std::string_view pattern, uint64_t number);

 private:
  void Replace(char mark, uint64_t number, std::string& text);

  std::mt19937_64 engine_;
};

// What the items of a bench table look like.
struct PageShape {
  std::string_view name;
  fake_dynamodb::KeyAttribute key;
  // Item number `number`, in DynamoDB JSON. No two numbers have the same key.
  std::function<std::string(ItemRandom& random, uint64_t number)> item;
};

// users: 12 attributes with maps, lists and sets, about 490 bytes of JSON; narrow: 5 scalars;
// wide: 100 attributes; deep: maps to the tenth level; numbers: from small integers to 38 digits
// and exponents; long_strings: some KB of text, a part with escapes and beyond ASCII.
const std::vector<PageShape>& PageShapes();

// Error kNotFound: no shape has this name; the message lists those there are.
Result<const PageShape*> FindPageShape(std::string_view name);

// The service ends a page with the item that takes it past this size.
inline constexpr uint64_t kPageItemBytes = 1024 * 1024;

struct Page {
  std::vector<std::string> items;  // DynamoDB JSON
  uint64_t item_bytes = 0;         // as the service counts them

  // The answer to a Scan that has more pages after this one: Count, Items, LastEvaluatedKey,
  // ScannedCount, followed by net::kBodyPaddingBytes of capacity.
  std::string Body(const PageShape& shape) const;
};

// `count` pages of kPageItemBytes each; no two items are equal.
std::vector<Page> MakePages(const PageShape& shape, size_t count, uint64_t seed);

}  // namespace sumac::bench
