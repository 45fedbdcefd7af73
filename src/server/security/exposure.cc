#include "server/security/exposure.h"

#include <fmt/format.h>

#include "base/log.h"

namespace sumac::server {

std::string ExposureText(const ListenAddress& address, const Protection& protection) {
  // Metrics never ask for a key, so there is nothing to set; that they can be read is still said.
  if (address.loopback || (protection.asks_for_key && protection.encrypted)) return {};
  std::string text = fmt::format("{} listens on {}, which other machines can reach",
                                 protection.server, ListenAddressText(address));
  if (!protection.serves_data) {
    return text +
           ", and asks for no key: whoever reaches it can read the names of datasets and columns";
  }
  if (!protection.asks_for_key) {
    text += ", and asks for no API key (runtime.auth): whoever reaches it can read every dataset";
  }
  if (!protection.encrypted) {
    text += std::string(protection.asks_for_key ? ", " : "; ") +
            "without TLS (runtime.tls): whoever is on the way can read " +
            (protection.asks_for_key ? "the API keys and the answers" : "the answers");
  }
  return text;
}

void WarnIfExposed(const ListenAddress& address, const Protection& protection) {
  const auto text = ExposureText(address, protection);
  if (!text.empty()) spdlog::warn("{}", text);
}

}  // namespace sumac::server
