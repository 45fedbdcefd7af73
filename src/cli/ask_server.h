// A command that asks a running server.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/result.h"
#include "cli/signal_watcher.h"
#include "server/client/server_client.h"

namespace sumac::cli {

// Where a server is and what it takes to ask it.
struct AskedServer {
  std::string address;
  SecretString api_key;               // empty: that of SPICE_API_KEY
  std::string root_certificate_path;  // empty: the system's
};

// Has `ask` use a client of the server; Ctrl-C sets what it is to poll. Returns the exit code,
// after it has printed the error if there was one.
int AskServer(
    const AskedServer& asked, SignalWatcher& signals,
    const std::function<Status(server::ServerClient&, const std::atomic<bool>* cancelled)>& ask);

}  // namespace sumac::cli
