#include <atomic>
#include <cstdio>

#include "cli/ask_server.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/status_report.h"

namespace sumac::cli {

int RunStatusCommand(const StatusOptions& options, SignalWatcher& signals) {
  bool ready = false;
  const auto ask = [&](server::ServerClient& client, const std::atomic<bool>* cancelled) -> Status {
    SUMAC_ASSIGN_OR_RETURN(const auto components, client.Components(cancelled));
    SUMAC_ASSIGN_OR_RETURN(ready, client.Ready(cancelled));
    std::fputs(StatusReport(components, ready, options.format).c_str(), stdout);
    return {};
  };
  const int code = AskServer({options.http_address, options.api_key, options.root_certificate_path},
                             signals, ask);
  // A script can wait for it.
  return code == kExitAnswer && !ready ? kExitQueryFailed : code;
}

}  // namespace sumac::cli
