#include "server/http/acceleration_refresh_job.h"

#include <algorithm>
#include <exception>

#include "base/json_text.h"
#include "base/printable_text.h"
#include "server/http/acceleration_refresh_request.h"
#include "server/http/error_reply.h"

namespace sumac::server {
namespace {

constexpr size_t kNameShownBytes = 200;

HttpReply MessageReply(int status, const std::string& message) {
  HttpReply reply;
  reply.status = status;
  reply.content_type = kApplicationJson;
  reply.body = "{\"message\":";
  AppendJsonString(message, reply.body);
  reply.body += '}';
  return reply;
}

}  // namespace

void AccelerationRefreshJob::Run() {
  HttpReply reply;
  try {
    reply = Answer();
  } catch (const std::exception& exception) {
    reply = ErrorReply(
        InternalError(std::string("The refresh could not be asked for: ") + exception.what()));
  }
  channel_->Reply(std::move(reply));
  done_ = true;
}

void AccelerationRefreshJob::Refuse(HttpReply reply) {
  channel_->Reply(std::move(reply));
  done_ = true;
}

// The texts of the first two refusals are Spice's.
HttpReply AccelerationRefreshJob::Answer() {
  const auto all = backend_.Datasets();
  // Names are compared as in SQL.
  const auto found = std::find_if(all.begin(), all.end(), [this](const auto& dataset) {
    return duckdb::StringUtil::CIEquals(dataset.name, dataset_);
  });
  if (found == all.end()) {
    return TextReply(404, "Dataset " + PrintableText(dataset_, kNameShownBytes) + " not found");
  }
  if (!found->acceleration_enabled) {
    return TextReply(400, "Dataset " + found->name + " does not have acceleration enabled");
  }
  return request_ == AccelerationRequest::kRefresh ? Refresh(found->name) : Change(found->name);
}

HttpReply AccelerationRefreshJob::Refresh(const std::string& name) {
  const auto overrides = ParseAccelerationRefresh(body_);
  if (!overrides) return ErrorReply(overrides.error());
  const auto requested = backend_.RequestRefresh(name, *overrides);
  if (!requested) return ErrorReply(requested.error());
  return MessageReply(201, "Dataset refresh triggered for " + name + ".");
}

HttpReply AccelerationRefreshJob::Change(const std::string& name) {
  const auto sql = ParseAccelerationChange(body_);
  if (!sql) return ErrorReply(sql.error());
  const auto changed = backend_.SetRefreshSql(name, *sql);
  if (!changed) return ErrorReply(changed.error());
  return MessageReply(200, *sql ? "Refreshes of " + name + " read the new refresh_sql."
                                : "Refreshes of " + name + " read what the Spicepod says.");
}

}  // namespace sumac::server
