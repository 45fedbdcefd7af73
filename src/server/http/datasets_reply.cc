#include "server/http/datasets_reply.h"

#include <string_view>

#include "base/json_text.h"
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

void AppendMember(const char* prefix, std::string_view value, std::string& out) {
  out += prefix;
  AppendJsonString(value, out);
}

void AppendJson(const DatasetStatus& dataset, bool with_status, std::string& out) {
  AppendMember("{\"from\":", dataset.from, out);
  AppendMember(",\"name\":", dataset.name, out);
  out += ",\"replication_enabled\":false,\"acceleration_enabled\":";
  out += BooleanText(dataset.acceleration_enabled);
  if (with_status) {
    AppendMember(",\"status\":", datasets::DatasetStateName(dataset.state), out);
    if (dataset.error) AppendMember(",\"error_message\":", dataset.error->message, out);
  }
  out += '}';
}

void AppendCsv(const DatasetStatus& dataset, bool with_status, std::string& out) {
  engine::AppendCsvField(dataset.from, out);
  out += ',';
  engine::AppendCsvField(dataset.name, out);
  out += ",false,";
  out += BooleanText(dataset.acceleration_enabled);
  if (with_status) {
    out += ',';
    out += datasets::DatasetStateName(dataset.state);
    out += ',';
    if (dataset.error) engine::AppendCsvField(dataset.error->message, out);
  }
  out += '\n';
}

}  // namespace

HttpReply DatasetsReply(const std::vector<DatasetStatus>& datasets,
                        const std::map<std::string, std::string>& query) {
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
    reply.body += with_status ? ",status,error_message\n" : "\n";
  }
  bool first = true;
  for (const DatasetStatus& dataset : datasets) {
    if (!source.empty() && !ComesFrom(dataset, source)) continue;
    if (csv) {
      AppendCsv(dataset, with_status, reply.body);
    } else {
      reply.body += first ? "[" : ",";
      AppendJson(dataset, with_status, reply.body);
    }
    first = false;
  }
  if (!csv) reply.body += first ? "[]" : "]";
  return reply;
}

}  // namespace sumac::server
