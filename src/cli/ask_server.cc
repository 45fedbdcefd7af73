#include "cli/ask_server.h"

#include <cstdlib>

#include "cli/exit_code.h"
#include "cli/query_runner.h"
#include "net/curl_transport.h"

namespace sumac::cli {

int AskServer(
    const std::string& address, const SecretString& api_key, SignalWatcher& signals,
    const std::function<Status(server::ServerClient&, const std::atomic<bool>* cancelled)>& ask) {
  std::atomic<bool> cancelled = false;
  signals.OnSignal([&cancelled] { cancelled = true; });
  const auto run = [&]() -> Status {
    SUMAC_ASSIGN_OR_RETURN(auto transport, net::CurlTransport::Create({}));
    const char* of_environment = std::getenv("SPICE_API_KEY");
    const SecretString key =
        api_key.empty() && of_environment != nullptr ? SecretString(of_environment) : api_key;
    SUMAC_ASSIGN_OR_RETURN(auto client, server::ServerClient::Create(transport, address, key));
    return ask(client, &cancelled);
  };
  const auto done = run();
  signals.OnSignal({});
  if (done) return kExitAnswer;
  PrintError(done.error());
  return done.error().code == ErrorCode::kInvalidArgument ? kExitUsage : kExitQueryFailed;
}

}  // namespace sumac::cli
