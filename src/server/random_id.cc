#include "server/random_id.h"

#include <array>
#include <cctype>
#include <stdexcept>

#include <openssl/rand.h>

namespace sumac::server {
namespace {

constexpr size_t kUuidBytes = 36;

bool IsHyphenPlace(size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

}  // namespace

std::string RandomId() {
  std::array<unsigned char, 16> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the system has no random numbers");
  }
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    if (IsHyphenPlace(text.size())) text += '-';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0x0f];
  }
  return text;
}

bool IsUuid(std::string_view text) {
  if (text.size() != kUuidBytes) return false;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool fits = IsHyphenPlace(at) ? text[at] == '-'
                                        : std::isxdigit(static_cast<unsigned char>(text[at])) != 0;
    if (!fits) return false;
  }
  return true;
}

}  // namespace sumac::server
