// A string that cannot be printed by accident: no stream operator, no formatter, no conversion.
#pragma once

#include <string>
#include <utility>

namespace sumac {

class SecretString {
 public:
  SecretString() = default;
  explicit SecretString(std::string value) : value_(std::move(value)) {}

  // Returns the secret. Each call is a place to look at in review: the result goes to a signature,
  // a header or a comparison, never to a message or a log.
  const std::string& Reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

  friend bool operator==(const SecretString&, const SecretString&) = default;

 private:
  std::string value_;
};

}  // namespace sumac
