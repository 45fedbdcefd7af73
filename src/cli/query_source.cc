#include "cli/query_source.h"

#include <atomic>
#include <cstdlib>

#include <fmt/format.h>

#include "cli/answer_table.h"
#include "server/client/sql_client.h"

namespace sumac::cli {
namespace {

class LocalQueries final : public QuerySource {
 public:
  LocalQueries(std::unique_ptr<engine::Session> session, SignalWatcher& signals, const Clock& clock)
      : session_(std::move(session)), signals_(signals), clock_(clock) {}

  Result<QueryOutcome> Run(const std::string& sql, const QuerySettings& settings,
                           std::FILE* out) override {
    return RunQuery(*session_, sql, settings, signals_, clock_, out);
  }

 private:
  const std::unique_ptr<engine::Session> session_;
  SignalWatcher& signals_;
  const Clock& clock_;
};

std::string MediaType(engine::ResultFormat format) {
  switch (format) {
    case engine::ResultFormat::kCsv:
      return "text/csv";
    case engine::ResultFormat::kJson:
      return "application/json";
    case engine::ResultFormat::kJsonLines:
      return "application/x-ndjson";
    default:
      return "text/plain";
  }
}

class RemoteQueries final : public QuerySource {
 public:
  RemoteQueries(server::SqlClient client, SignalWatcher& signals, const Clock& clock)
      : client_(std::move(client)), signals_(signals), clock_(clock) {}

  Result<QueryOutcome> Run(const std::string& sql, const QuerySettings& settings,
                           std::FILE* out) override {
    const auto started = clock_.MonotonicNow();
    const bool table = settings.format == engine::ResultFormat::kTable;
    AnswerTable rows(kTableRowsMax);
    bool closed = false;
    const auto on_bytes = [&](std::string_view bytes) {
      const std::string shown = table ? rows.Take(bytes) : std::string(bytes);
      closed =
          std::fwrite(shown.data(), 1, shown.size(), out) != shown.size() || std::fflush(out) != 0;
      return !closed;
    };
    auto answer = Ask({sql, MediaType(settings.format), settings.timeout}, on_bytes);
    QueryOutcome outcome;
    outcome.output_closed = closed;
    if (closed) return outcome;
    if (!answer) return Fail(std::move(answer).error());
    if (settings.format == engine::ResultFormat::kJson) std::fputs("\n", out);
    outcome.output_closed = std::fflush(out) != 0;
    outcome.rows_total = rows.rows_total();
    outcome.rows_shown = rows.rows_shown();
    outcome.from_cache = answer->from_cache;
    outcome.read_units = answer->consumed_read_units.value_or(0);
    outcome.dollars = std::nullopt;
    outcome.seconds = std::chrono::duration<double>(clock_.MonotonicNow() - started).count();
    if (answer->warnings > 0) {
      std::fputs(fmt::format("warning: the server counts {} kind{} of trouble, such as values that "
                             "did not fit their column; its log has them\n",
                             answer->warnings, answer->warnings == 1 ? "" : "s")
                     .c_str(),
                 stderr);
    }
    return outcome;
  }

 private:
  // As many as a table of this process has.
  static constexpr uint64_t kTableRowsMax = 500;

  Result<server::SqlAnswer> Ask(const server::SqlQuestion& question,
                                const std::function<bool(std::string_view)>& on_bytes) {
    std::atomic<bool> cancelled = false;
    signals_.OnSignal([&cancelled] { cancelled = true; });
    auto answer = client_.Ask(question, on_bytes, &cancelled);
    signals_.OnSignal({});
    if (!answer && answer.error().code == ErrorCode::kCancelled) {
      return Fail(CancelledError("The query was cancelled."));
    }
    return answer;
  }

  server::SqlClient client_;
  SignalWatcher& signals_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<QuerySource> MakeLocalQueries(std::unique_ptr<engine::Session> session,
                                              SignalWatcher& signals, const Clock& clock) {
  return std::make_unique<LocalQueries>(std::move(session), signals, clock);
}

Result<std::unique_ptr<QuerySource>> MakeRemoteQueries(const AskedServer& asked,
                                                       SignalWatcher& signals, const Clock& clock) {
  if (asked.address.starts_with("grpc")) {
    return Fail(ErrorCode::kInvalidArgument,
                "sumac sql asks a server over HTTP, not over Flight; give the address of --http, "
                "such as http://127.0.0.1:8090");
  }
  net::CurlTransportOptions options;
  options.certificate_bundle_path = asked.root_certificate_path;
  const char* of_environment = std::getenv("SPICE_API_KEY");
  const bool from_environment = asked.api_key.empty() && of_environment != nullptr;
  SUMAC_ASSIGN_OR_RETURN(
      auto client,
      server::SqlClient::Create(std::move(options), asked.address,
                                from_environment ? SecretString(of_environment) : asked.api_key));
  return std::make_unique<RemoteQueries>(std::move(client), signals, clock);
}

}  // namespace sumac::cli
