// Whether a server can be reached from where nobody was asked to, and what to say of it.
#pragma once

#include <string>

#include "server/http/listen_address.h"

namespace sumac::server {

struct Protection {
  std::string server;       // "The HTTP server"
  bool serves_data = true;  // else names alone
  bool asks_for_key = false;
  bool encrypted = false;
};

// What is missing on an address that other machines can reach; empty when nothing is.
std::string ExposureText(const ListenAddress& address, const Protection& protection);

// Logs that as a warning.
void WarnIfExposed(const ListenAddress& address, const Protection& protection);

}  // namespace sumac::server
