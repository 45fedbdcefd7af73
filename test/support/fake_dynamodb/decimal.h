// Numbers of DynamoDB, exactly: up to 38 significant digits, magnitudes from 1E-130 to just below
// 1E+126.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sumac::fake_dynamodb {

class Decimal {
 public:
  // Nothing when it is no number, or one that the service refuses.
  static std::optional<Decimal> Parse(std::string_view text);

  // One text for each number, without exponent and needless zeros: "-1.5".
  std::string Canonical() const;

  // Below zero, zero or above it.
  friend int Compare(const Decimal& a, const Decimal& b);

 private:
  int Sign() const { return digits_.empty() ? 0 : negative_ ? -1 : 1; }

  // The value is 0.DIGITS times 10 to the exponent; the first and the last digit are not zero, and
  // zero has none.
  bool negative_ = false;
  std::string digits_;
  int exponent_ = 0;
};

}  // namespace sumac::fake_dynamodb
