// A string that cannot be printed by accident: no stream operator, no formatter, no conversion. Its
// bytes are wiped when it is released or moved from.
#pragma once

#include <string>
#include <utility>

#include <string.h>

namespace sumac {

class SecretString {
 public:
  SecretString() = default;
  // `value` is wiped where it stood, if it was moved in.
  explicit SecretString(std::string&& value) : value_(value) { Wipe(value); }
  explicit SecretString(const std::string& value) : value_(value) {}
  explicit SecretString(const char* value) : value_(value) {}

  SecretString(const SecretString&) = default;
  // Not std::string's move: a short string would leave its bytes behind.
  SecretString(SecretString&& other) noexcept { Take(other); }
  SecretString& operator=(const SecretString& other) {
    if (this != &other) {
      Wipe(value_);
      value_ = other.value_;
    }
    return *this;
  }
  SecretString& operator=(SecretString&& other) noexcept {
    if (this != &other) {
      Wipe(value_);
      Take(other);
    }
    return *this;
  }
  ~SecretString() { Wipe(value_); }

  // Returns the secret. Each call is a place to look at in review: the result goes to a signature,
  // a header or a comparison, never to a message or a log.
  const std::string& Reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

  friend bool operator==(const SecretString&, const SecretString&) = default;

 private:
  void Take(SecretString& other) noexcept {
    value_.swap(other.value_);
    Wipe(other.value_);
  }
  // A compiler may drop a plain memset of bytes that nobody reads again.
  static void Wipe(std::string& text) noexcept {
    explicit_bzero(text.data(), text.capacity());
    text.clear();
  }

  std::string value_;
};

}  // namespace sumac
