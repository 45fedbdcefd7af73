// The parts of a serving process and where each listens, for /v1/status.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "server/http/route.h"

namespace sumac::server {

// Thread-safe. Shared by the servers of a process.
class Components {
 public:
  // `address`: "127.0.0.1:8090".
  void SetListening(Interface interface, std::string address) {
    std::lock_guard lock(mutex_);
    addresses_[interface] = std::move(address);
  }
  // Empty when nothing listens there.
  std::string AddressOf(Interface interface) const {
    std::lock_guard lock(mutex_);
    const auto found = addresses_.find(interface);
    return found == addresses_.end() ? std::string() : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<Interface, std::string> addresses_;
};

}  // namespace sumac::server
