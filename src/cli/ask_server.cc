#include "cli/ask_server.h"

#include "cli/exit_code.h"
#include "cli/query_runner.h"
#include "net/curl_transport.h"

namespace sumac::cli {

int AskServer(
    const std::string& address, SignalWatcher& signals,
    const std::function<Status(server::ServerClient&, const std::atomic<bool>* cancelled)>& ask) {
  std::atomic<bool> cancelled = false;
  signals.OnSignal([&cancelled] { cancelled = true; });
  const auto run = [&]() -> Status {
    SUMAC_ASSIGN_OR_RETURN(auto transport, net::CurlTransport::Create({}));
    SUMAC_ASSIGN_OR_RETURN(auto client, server::ServerClient::Create(transport, address));
    return ask(client, &cancelled);
  };
  const auto done = run();
  signals.OnSignal({});
  if (done) return kExitAnswer;
  PrintError(done.error());
  return done.error().code == ErrorCode::kInvalidArgument ? kExitUsage : kExitQueryFailed;
}

}  // namespace sumac::cli
