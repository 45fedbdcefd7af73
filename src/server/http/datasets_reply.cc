#include "server/http/datasets_reply.h"

#include <chrono>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "aws/timestamp.h"
#include "base/json_text.h"
#include "datasets/copy_age.h"
#include "engine/results/csv_writer.h"
#include "server/http/error_reply.h"

namespace sumac::server {
namespace {

using datasets::DatasetStatus;

bool ComesFrom(const DatasetStatus& dataset, std::string_view source) {
  if (!std::string_view(dataset.from).starts_with(source)) return false;
  return dataset.from.size() == source.size() || dataset.from[source.size()] == ':';
}

const char* BooleanText(bool value) {
  return value ? "true" : "false";
}

// What `status=true` adds, as text; empty is what a dataset has not.
struct StatusTexts {
  StatusTexts(const DatasetStatus& dataset, WallTime now)
      : state(datasets::DatasetStateName(dataset.state)) {
    if (dataset.copy) {
      rows = fmt::to_string(dataset.copy->rows);
      bytes = fmt::to_string(dataset.copy->bytes);
      last_refresh = aws::FormatTimestampMilliseconds(dataset.copy->read_at);
      age_seconds = fmt::format("{}", datasets::AgeSecondsOf(*dataset.copy, now));
    }
    // A client tells attempts apart by it.
    if (dataset.attempted_at) {
      last_attempt = aws::FormatTimestampMilliseconds(*dataset.attempted_at);
    }
    if (dataset.next_refresh)
      next_refresh = aws::FormatTimestampMilliseconds(*dataset.next_refresh);
    if (dataset.error) error_message = dataset.error->message;
  }

  std::string_view state;
  std::string rows;
  std::string bytes;
  std::string last_refresh;
  std::string age_seconds;
  std::string last_attempt;
  std::string next_refresh;
  std::string error_message;
};

void AppendMember(const char* prefix, std::string_view value, std::string& out) {
  out += prefix;
  AppendJsonString(value, out);
}

void AppendJson(const DatasetStatus& dataset, const StatusTexts* status, std::string& out) {
  AppendMember("{\"from\":", dataset.from, out);
  AppendMember(",\"name\":", dataset.name, out);
  out += ",\"replication_enabled\":false,\"acceleration_enabled\":";
  out += BooleanText(dataset.acceleration_enabled);
  if (status != nullptr) {
    AppendMember(",\"status\":", status->state, out);
    const auto append = [&out](const char* prefix, const std::string& value, bool quoted) {
      if (value.empty()) return;
      if (quoted) return AppendMember(prefix, value, out);
      out += prefix + value;
    };
    append(",\"rows\":", status->rows, false);
    append(",\"bytes\":", status->bytes, false);
    append(",\"last_refresh\":", status->last_refresh, true);
    append(",\"age_seconds\":", status->age_seconds, false);
    append(",\"last_attempt\":", status->last_attempt, true);
    append(",\"next_refresh\":", status->next_refresh, true);
    append(",\"error_message\":", status->error_message, true);
  }
  out += '}';
}

void AppendCsv(const DatasetStatus& dataset, const StatusTexts* status, std::string& out) {
  engine::AppendCsvField(dataset.from, out);
  out += ',';
  engine::AppendCsvField(dataset.name, out);
  out += ",false,";
  out += BooleanText(dataset.acceleration_enabled);
  if (status != nullptr) {
    out += fmt::format(",{},{},{},{},{},{},{},", status->state, status->rows, status->bytes,
                       status->last_refresh, status->age_seconds, status->last_attempt,
                       status->next_refresh);
    if (dataset.error) engine::AppendCsvField(status->error_message, out);
  }
  out += '\n';
}

}  // namespace

HttpReply DatasetsReply(const std::vector<DatasetStatus>& datasets,
                        const std::map<std::string, std::string>& query, WallTime now) {
  const auto value = [&](const char* name) {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  };
  const std::string format = value("format");
  if (!format.empty() && format != "json" && format != "csv") {
    return TextReply(400, "format is \"json\" or \"csv\", not \"" + format + "\".");
  }
  const bool csv = format == "csv";
  const bool with_status = value("status") == "true";
  const std::string source = value("source");

  HttpReply reply;
  reply.content_type = csv ? "text/csv; charset=utf-8" : kApplicationJson;
  if (csv) {
    reply.body = "from,name,replication_enabled,acceleration_enabled";
    reply.body += with_status ? ",status,rows,bytes,last_refresh,age_seconds,last_attempt,next_"
                                "refresh,error_message\n"
                              : "\n";
  }
  bool first = true;
  for (const DatasetStatus& dataset : datasets) {
    if (!source.empty() && !ComesFrom(dataset, source)) continue;
    std::optional<StatusTexts> status;
    if (with_status) status.emplace(dataset, now);
    const StatusTexts* added = status ? &*status : nullptr;
    if (csv) {
      AppendCsv(dataset, added, reply.body);
    } else {
      reply.body += first ? "[" : ",";
      AppendJson(dataset, added, reply.body);
    }
    first = false;
  }
  if (!csv) reply.body += first ? "[]" : "]";
  return reply;
}

}  // namespace sumac::server
