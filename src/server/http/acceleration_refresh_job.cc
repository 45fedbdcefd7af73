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
  const auto overrides = ParseAccelerationRefresh(body_);
  if (!overrides) return ErrorReply(overrides.error());
  const auto requested = backend_.RequestRefresh(found->name, *overrides);
  if (!requested) return ErrorReply(requested.error());
  HttpReply reply;
  reply.status = 201;
  reply.content_type = kApplicationJson;
  reply.body = "{\"message\":";
  AppendJsonString("Dataset refresh triggered for " + found->name + ".", reply.body);
  reply.body += '}';
  return reply;
}

}  // namespace sumac::server
