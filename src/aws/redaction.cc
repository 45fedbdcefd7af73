#include "aws/redaction.h"

namespace sumac::aws {

void Redact(std::initializer_list<const SecretString*> secrets, std::string& text) {
  constexpr char kInstead[] = "***";
  constexpr size_t kSecretBytesMin = 8;
  for (const auto* secret : secrets) {
    const std::string& hidden = secret->Reveal();
    if (hidden.size() < kSecretBytesMin) continue;
    for (size_t at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at)) {
      text.replace(at, hidden.size(), kInstead);
      at += sizeof(kInstead) - 1;
    }
  }
}

void Redact(std::initializer_list<const SecretString*> secrets, net::BodyBuffer& text) {
  std::string redacted = text.TakeText();
  Redact(secrets, redacted);
  text = std::string_view(redacted);
}

}  // namespace sumac::aws
