#include "server/http/refresh_job.h"

#include <algorithm>
#include <exception>

#include "base/json_text.h"
#include "base/nearest_name.h"
#include "base/printable_text.h"
#include "server/http/error_reply.h"

namespace sumac::server {
namespace {

constexpr size_t kNameShownBytes = 200;

void AppendMember(const char* prefix, std::string_view value, std::string& out) {
  out += prefix;
  AppendJsonString(value, out);
}

void AppendNames(const char* prefix, const std::vector<std::string>& names, std::string& out) {
  out += prefix;
  for (size_t i = 0; i < names.size(); ++i) AppendMember(i == 0 ? "" : ",", names[i], out);
  out += ']';
}

HttpReply UnknownDataset(const std::string& name, const std::vector<std::string>& names) {
  std::string message = "There is no dataset \"" + PrintableText(name, kNameShownBytes) + "\".";
  if (const auto nearest = NearestName(name, names)) {
    message += " Did you mean \"" + *nearest + "\"?";
  }
  return TextReply(404, std::move(message));
}

}  // namespace

HttpReply SchemaChangeReply(const std::string& dataset, const datasets::SchemaChange& change) {
  HttpReply reply;
  reply.content_type = kApplicationJson;
  std::string& out = reply.body;
  AppendMember("{\"message\":", datasets::DescribeChange(dataset, change), out);
  out += change.Empty() ? ",\"changed\":false" : ",\"changed\":true";
  AppendNames(",\"added\":[", change.added, out);
  AppendNames(",\"removed\":[", change.removed, out);
  out += ",\"changed_types\":[";
  for (const auto& column : change.changed_types) {
    if (out.back() != '[') out += ',';
    AppendMember("{\"column\":", column.column, out);
    AppendMember(",\"from\":", column.from, out);
    AppendMember(",\"to\":", column.to, out);
    out += '}';
  }
  out += "]}";
  return reply;
}

void RefreshJob::Run() {
  HttpReply reply;
  try {
    reply = Answer();
  } catch (const std::exception& exception) {
    reply = ErrorReply(InternalError(std::string("The refresh failed: ") + exception.what()));
  }
  channel_->Reply(std::move(reply));
  done_ = true;
}

void RefreshJob::Refuse(HttpReply reply) {
  channel_->Reply(std::move(reply));
  done_ = true;
}

HttpReply RefreshJob::Answer() {
  std::vector<std::string> names;
  for (const auto& dataset : backend_.Datasets()) names.push_back(dataset.name);
  // Names are compared as in SQL.
  const auto found = std::find_if(names.begin(), names.end(), [this](const std::string& name) {
    return duckdb::StringUtil::CIEquals(name, dataset_);
  });
  if (found == names.end()) return UnknownDataset(dataset_, names);
  const auto change = backend_.RefreshSchema(*found, &cancelled_);
  if (change) return SchemaChangeReply(*found, *change);
  // Nothing is wrong with the request, whatever the reason.
  return TextReply(std::max(StatusOf(change.error()), 500), change.error().message);
}

}  // namespace sumac::server
