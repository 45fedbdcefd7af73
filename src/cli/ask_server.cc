#include "cli/ask_server.h"

#include <cstdlib>

#include "cli/exit_code.h"
#include "cli/query_runner.h"
#include "net/curl_transport.h"

namespace sumac::cli {

int AskServer(
    const AskedServer& asked, SignalWatcher& signals,
    const std::function<Status(server::ServerClient&, const std::atomic<bool>* cancelled)>& ask) {
  std::atomic<bool> cancelled = false;
  signals.OnSignal([&cancelled] { cancelled = true; });
  const auto run = [&]() -> Status {
    net::CurlTransportOptions options;
    options.certificate_bundle_path = asked.root_certificate_path;
    SUMAC_ASSIGN_OR_RETURN(auto transport, net::CurlTransport::Create(std::move(options)));
    const char* of_environment = std::getenv("SPICE_API_KEY");
    const bool from_environment = asked.api_key.empty() && of_environment != nullptr;
    SUMAC_ASSIGN_OR_RETURN(auto client,
                           server::ServerClient::Create(
                               transport, asked.address,
                               from_environment ? SecretString(of_environment) : asked.api_key));
    return ask(client, &cancelled);
  };
  const auto done = run();
  signals.OnSignal({});
  if (done) return kExitAnswer;
  PrintError(done.error());
  return done.error().code == ErrorCode::kInvalidArgument ? kExitUsage : kExitQueryFailed;
}

}  // namespace sumac::cli
