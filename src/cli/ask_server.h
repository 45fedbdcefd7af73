// A command that asks a running server.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/result.h"
#include "cli/signal_watcher.h"
#include "server/client/server_client.h"

namespace sumac::cli {

// Has `ask` use a client of the server at `address`, which shows `api_key`, or what SPICE_API_KEY
// says without one; Ctrl-C sets what it is to poll. Returns the
// exit code, after it has printed the error if there was one.
int AskServer(
    const std::string& address, const SecretString& api_key, SignalWatcher& signals,
    const std::function<Status(server::ServerClient&, const std::atomic<bool>* cancelled)>& ask);

}  // namespace sumac::cli
