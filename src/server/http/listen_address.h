// Where a server listens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sumac::server {

struct ListenAddress {
  std::string host;  // an IP address, without brackets
  uint16_t port = 0;
  // Reachable from this machine only.
  bool loopback = false;
};

// Parses `127.0.0.1:8090`, `[::1]:8090`, `0.0.0.0:8090` or `localhost:8090` (127.0.0.1); port 0
// takes a free one. Errors: kInvalidArgument.
Result<ListenAddress> ParseListenAddress(std::string_view text);

// The address as it is written in a URL.
std::string ListenAddressText(const ListenAddress& address);

}  // namespace sumac::server
