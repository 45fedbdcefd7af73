#include "server/random_id.h"

#include <cctype>
#include <stdexcept>
#include <vector>

#include <openssl/rand.h>

namespace sumac::server {
namespace {

constexpr size_t kUuidBytes = 36;

bool IsHyphenPlace(size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

}  // namespace

std::string RandomId() {
  std::string text = RandomHex(16);
  // The version, and the variant's two bits above two that are random.
  text[12] = '4';
  text[16] = "89ab"[(text[16] <= '9' ? text[16] - '0' : text[16] - 'a' + 10) & 3];
  for (const size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  return text;
}

std::string RandomHex(size_t bytes) {
  std::vector<unsigned char> random(bytes);
  if (RAND_bytes(random.data(), static_cast<int>(bytes)) != 1) {
    throw std::runtime_error("the system has no random numbers");
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : random) {
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
